"""Agents, teams, skills, capacity and hours; availability and presence."""
