public import ArgumentParser
public import SyncServer

extension NetworkAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
