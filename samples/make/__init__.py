"""The parts of make.py, in the order they are used: forms, units, figures, mistakes, layout, files, readme."""
