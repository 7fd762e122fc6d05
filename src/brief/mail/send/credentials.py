"""Reads and stores passwords in the system's keyring."""

from types import ModuleType

from brief.model.diagnostics import MachineError

# The service in the keyring: `keyring set brief:smtp.example.org name` stores a password that `find_password` finds.
SERVICE = "brief:{host}"


def find_password(host: str, user: str) -> str:
    """Finds the password of a user of a mail server.

    Raises:
        MachineError: the keyring does not have it, cannot be opened, or the extra `mail` is not installed.
    """
    keyring = _open_keyring("there is no password in the environment")
    service = SERVICE.format(host=host)
    try:
        password = keyring.get_password(service, user)
    except keyring.errors.KeyringError as problem:
        raise MachineError(f"the keyring cannot be read: unlock it ({type(problem).__name__}: {problem})") from None
    if not password:
        raise MachineError(f"the keyring has no password; store it with: keyring set {service} {user}")
    return str(password)


def store_password(host: str, user: str, password: str) -> None:
    """Stores a password where `find_password` finds it.

    Raises:
        MachineError: the keyring cannot be written, or the extra `mail` is not installed.
    """
    keyring = _open_keyring("a new refresh token cannot be kept")
    try:
        keyring.set_password(SERVICE.format(host=host), user, password)
    except (keyring.errors.KeyringError, OSError) as problem:
        raise MachineError(f"the keyring cannot be written ({type(problem).__name__})") from None


def _open_keyring(missing: str) -> ModuleType:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise MachineError(f"{missing}, and there is no keyring: run pip install 'keyring>=25'") from None
    return keyring
