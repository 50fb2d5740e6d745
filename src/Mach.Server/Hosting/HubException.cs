namespace Mach.Server.Hosting;

/// <summary>The hub cannot do what it was told; the message says why and what to do.</summary>
internal sealed class HubException(string message) : Exception(message);
