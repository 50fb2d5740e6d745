namespace Mach.Kernel;

/// <summary>Told what a caller is shown of the record, so that the audit line of the request can say it. A view of the record tells by itself; a door has nothing to do.</summary>
public interface IShown
{
    /// <param name="type">Resource type.</param>
    /// <param name="body">The resource as JSON; empty when it was deleted. Of one that was not opened again, a Reference to whose it is.</param>
    void Show(string type, string id, ReadOnlySpan<byte> body);
}
