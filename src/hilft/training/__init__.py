"""Modules, exams and practice that lead to certificates; curricula that follow from roles."""
