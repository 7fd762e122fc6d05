"""Charts that Word draws itself, and the workbooks behind them."""
