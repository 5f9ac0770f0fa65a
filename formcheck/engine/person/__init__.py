"""Who is looked at and from where: the person, the legs' labels, the standing calibration and the view."""
