import ArgumentParser

/// The root of the program: nothing but its subcommands.
struct ServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voordracht-server",
        abstract: "Keeps the nominations of an association, and hands them to the devices of its people.",
        version: "0.1.0",
        subcommands: [
            InitCommand.self, ServeCommand.self, OrganisationCommand.self, PersonCommand.self,
            InviteCommand.self, DevicesCommand.self, RevokeCommand.self, ExposureCommand.self,
            HeldCommand.self, WitnessCommand.self,
            ReleaseCommand.self, DeclineCommand.self, EraseCommand.self, BackupCommand.self,
            RestoreCommand.self, ForkCommand.self,
            VerifyCommand.self,
        ])
}
