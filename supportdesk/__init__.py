"""The Django project: settings, wiring, bus and clock, and the services embedded for a bare machine."""
