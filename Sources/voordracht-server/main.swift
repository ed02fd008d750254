print("voordracht-server")
