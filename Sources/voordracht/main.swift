print("voordracht")
