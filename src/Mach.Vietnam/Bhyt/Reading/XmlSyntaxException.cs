namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>A document is not well formed; caught inside this room and told as a finding.</summary>
/// <param name="offset">Byte in the document where reading stopped.</param>
internal sealed class XmlSyntaxException(int offset, string vi, string en) : Exception(en)
{
    public int Offset { get; } = offset;
    public string Vi { get; } = vi;

    /// <summary>Line and column of the offset, both from 1; columns count bytes.</summary>
    public (int Line, int Column) Locate(ReadOnlySpan<byte> document)
    {
        var before = document[..Math.Min(Offset, document.Length)];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }
}
