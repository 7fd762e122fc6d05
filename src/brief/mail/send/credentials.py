"""Reads passwords from the system's keyring."""

from brief.model.diagnostics import MachineError

# `keyring set brief:smtp.example.org name` stores what is looked up here.
SERVICE = "brief:{host}"


def find_password(host: str, user: str) -> str:
    """Finds the password of a user of a mail server.

    Raises:
        MachineError: the keyring does not have it, cannot be opened, or the extra `mail` is not installed.
    """
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise MachineError(
            "the URL has a user and no password, and there is no keyring to look in: pip install 'keyring>=25'"
        ) from None
    service = SERVICE.format(host=host)
    try:
        password = keyring.get_password(service, user)
    except keyring.errors.KeyringError as problem:
        raise MachineError(f"the keyring cannot be read ({type(problem).__name__}: {problem})") from None
    if not password:
        raise MachineError(f"the keyring has no password; store it with: keyring set {service} {user}")
    return password
