"""What people and sweeps do with seasons and orders outside the hot path: one file per noun."""
