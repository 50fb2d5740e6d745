using System.Xml;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>What the first pass keeps of an envelope: the values around the dossiers, and how many there are.</summary>
internal sealed class EnvelopeOutline
{
    private const int MaxDepth = 64;

    /// <summary>No value around the dossiers is longer; what goes on is cut.</summary>
    private const int MaxValueChars = 1000;

    private readonly string[] _path = new string[MaxDepth];

    public string Facility { get; private set; } = "";
    public string? Created { get; private set; }
    public string? Count { get; private set; }
    public int Dossiers { get; private set; }
    public bool IsCheckIn { get; private set; }
    public bool IsSigned { get; private set; }

    /// <exception cref="XmlException">Not well formed.</exception>
    /// <exception cref="DossierException">Wrong root, or nested too deep.</exception>
    public void Read(XmlReader xml)
    {
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                Enter(xml);
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && xml.Depth is > 1 and < MaxDepth)
            {
                Take(xml, xml.Depth - 1);
            }
        }
    }

    private void Enter(XmlReader xml)
    {
        var depth = xml.Depth;
        if (depth >= MaxDepth)
        {
            throw Refusals.TooDeep();
        }

        var name = xml.LocalName;
        if (depth == 0)
        {
            IsCheckIn = name == EnvelopeNames.CheckInRoot;
            if (!IsCheckIn && name != EnvelopeNames.Root)
            {
                throw Refusals.WrongRoot(name);
            }
        }

        if (name == EnvelopeNames.Dossier && depth > 0 && _path[depth - 1] == EnvelopeNames.List && !InsideDossier(depth))
        {
            Dossiers++;
        }

        IsSigned |= depth > 1 && _path[1] == EnvelopeNames.Signature;
        _path[depth] = name;
        if (name == EnvelopeNames.Count && depth > 0 && _path[depth - 1] == EnvelopeNames.Content)
        {
            Count ??= "";
        }
    }

    private bool InsideDossier(int depth)
    {
        for (var i = 1; i < depth; i++)
        {
            if (_path[i] == EnvelopeNames.Dossier && _path[i - 1] == EnvelopeNames.List)
            {
                return true;
            }
        }

        return false;
    }

    private void Take(XmlReader xml, int depth)
    {
        var (parent, name) = (_path[depth - 1], _path[depth]);
        if (IsCheckIn)
        {
            if (name == "MA_CSKCB" && Facility.Length == 0)
            {
                Facility = Value(xml);
            }
        }
        else if (name == EnvelopeNames.Facility && parent == EnvelopeNames.Unit && Facility.Length == 0)
        {
            Facility = Value(xml);
        }
        else if (parent == EnvelopeNames.Content && name == EnvelopeNames.Created)
        {
            Created ??= Value(xml);
        }
        else if (parent == EnvelopeNames.Content && name == EnvelopeNames.Count && Count is null or "")
        {
            Count = Value(xml);
        }
    }

    private static string Value(XmlReader xml)
    {
        Span<char> buffer = new char[MaxValueChars];
        var chunk = new char[MaxValueChars];
        var length = 0;
        while (length < buffer.Length && xml.CanReadValueChunk && xml.ReadValueChunk(chunk, 0, buffer.Length - length) is var read and > 0)
        {
            chunk.AsSpan(0, read).CopyTo(buffer[length..]);
            length += read;
        }

        return buffer[..length].Trim().ToString();
    }
}
