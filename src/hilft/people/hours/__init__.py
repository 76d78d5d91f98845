"""When people work: weekly hours with days that differ, and absences without a reason."""
