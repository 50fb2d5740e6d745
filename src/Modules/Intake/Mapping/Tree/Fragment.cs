using System.Text.Json;
using Mach.Intake.Mapping.Tables;
using Mach.Kernel;

namespace Mach.Intake.Mapping.Tree;

/// <summary>The template of one kind of resource (or claim item) that carries fields of one table's rows.</summary>
internal sealed class Fragment
{
    private readonly Node[] _nodes;

    /// <param name="kind">What stands behind the episode's prefix in the id, e.g. rx.</param>
    /// <param name="type">Resource type, or Claim.item.</param>
    /// <param name="native">Fields with an element of their own.</param>
    /// <param name="own">Fields that this fragment carries, natively or in its extension.</param>
    public Fragment(string kind, string type, Node[] nodes, UInt128 native, UInt128 own)
    {
        Kind = kind;
        Type = type;
        Native = native;
        Own = native | own;
        _nodes = nodes;
    }

    public string Kind { get; }
    public string Type { get; }
    public UInt128 Native { get; }
    public UInt128 Own { get; }

    /// <summary>Further items of the resource's <c>extension</c> array.</summary>
    public Node[] Extensions { get; init; } = [];

    /// <summary>True for rows whose resource only named staff may see: they tell the HIV status.</summary>
    public Func<Pen, bool>? IsRestricted { get; init; }

    /// <summary>Told in words about the visit, so that it is as delicate as the visit's diagnoses.</summary>
    private bool TellsVisit => Type is "ClinicalImpression" or "Composition" or "DiagnosticReport" or "DocumentReference" || Kind == ReferralMap.Kind;

    /// <summary>Writes the resource of the row the pen is turned to.</summary>
    public void Write(Pen pen, string id, bool isMain)
    {
        pen.BeginResource();
        FhirParts.WriteHead(pen, Type, id, (TellsVisit ? pen.Scope.Labels : DataLabels.None) | (IsRestricted?.Invoke(pen) == true ? DataLabels.Hiv : DataLabels.None));
        WriteBody(pen, isMain);
        pen.EndResource();
    }

    /// <summary>Writes the elements and the extension, without the resource's head.</summary>
    public void WriteBody(Pen pen, bool isMain)
    {
        foreach (var node in _nodes)
        {
            node.Write(pen);
        }

        RowExtension.Write(pen, this, isMain);
    }

    public void Read(JsonElement element, RowReader reader)
    {
        foreach (var node in _nodes)
        {
            node.Read(element, reader);
        }

        RowExtension.Read(element, reader);
    }

    public IReadOnlyList<Mention> Describe()
    {
        var mentions = new List<Mention>();
        foreach (var node in _nodes)
        {
            node.Describe(Type, mentions);
        }

        return mentions;
    }
}
