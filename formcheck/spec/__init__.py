"""How exercises and prescriptions are declared: data, checked when it is built."""
