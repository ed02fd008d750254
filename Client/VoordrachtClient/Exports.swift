// The vocabulary of the face: ids and values, the words of the domain, and what its results name. A
// user of this library imports it alone; with MemberImportVisibility nothing less would do.
@_exported public import ChangeLog
@_exported public import Nominations

@_exported public import enum OfflineReplica.ItemState
@_exported public import struct OfflineReplica.ReplicaEnvironment
@_exported public import struct OfflineReplica.View
