"""Claims as files, behind one interface: `Exporter`. Pure."""
