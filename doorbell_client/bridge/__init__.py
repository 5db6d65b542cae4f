"""The doorbell on the home's MQTT broker, for Home Assistant and any house that speaks MQTT."""
