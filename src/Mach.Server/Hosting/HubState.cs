namespace Mach.Server.Hosting;

/// <summary>Whether the hub serves yet, and what it is doing until then. Read by /health/ready.</summary>
internal sealed class HubState
{
    private volatile string? _preparing = "starting";

    /// <summary>What is being prepared, in words; null when the hub serves.</summary>
    public string? Preparing
    {
        get => _preparing;
        set => _preparing = value;
    }
}
