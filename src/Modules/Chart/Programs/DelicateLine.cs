using Mach.Kernel;

namespace Mach.Chart.Programs;

/// <summary>Which delicate kinds of data a program would see with the person's eyes, and which it would not. It says what may be seen, never whether there is any.</summary>
/// <param name="Text">Name of the words.</param>
/// <param name="Labels">One kind each.</param>
public sealed record DelicateLine(string Text, IReadOnlyList<DataLabels> Labels)
{
    private static readonly DataLabels[] Kinds = [DataLabels.Hiv, DataLabels.Mental, DataLabels.Reproductive, DataLabels.Substance, DataLabels.Restricted, DataLabels.Minor];

    /// <param name="patient">The one patient that the program is for; null = all whom the person may see.</param>
    internal static IReadOnlyList<DelicateLine> Of(Sight sight, string? patient)
    {
        // The own record, and one that is open in an emergency, are seen with all labels.
        var (hidden, hiddenHere) = patient is null ? (sight.Hidden, sight.HiddenHere)
            : sight.Persons.Contains(patient) ? (DataLabels.None, DataLabels.None)
            : sight.ActsFor.Contains(patient) ? (sight.HiddenFromProxy, sight.HiddenFromProxy)
            : (sight.Hidden, sight.HiddenHere);
        return
        [
            .. Line("Delicate.Seen", label => (hidden & label) == 0),
            .. Line("Delicate.Here", label => (hidden & label) != 0 && (hiddenHere & label) == 0),
            .. Line("Delicate.Not", label => (hidden & label) != 0 && (hiddenHere & label) != 0),
        ];
    }

    public string Words() => Chart.Words.T.Format(Text, string.Join(", ", Labels.Select(l => Chart.Words.T["DelicateKind." + l])));

    private static IEnumerable<DelicateLine> Line(string text, Func<DataLabels, bool> belongs) => Array.FindAll(Kinds, l => belongs(l)) is { Length: > 0 } some ? [new(text, some)] : [];
}
