"""The stories: written schedules with the alarms they are worth."""
