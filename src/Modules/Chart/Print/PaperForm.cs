using System.Text.Json;

namespace Mach.Chart.Print;

/// <summary>One line of a form.</summary>
/// <param name="Value">Name of what is filled in.</param>
/// <param name="Wide">It has a line of its own.</param>
/// <param name="Said">It is left out when there is nothing to fill in.</param>
internal sealed record FormItem(string Label, string Value, bool Wide = false, bool Said = false);

internal sealed record FormPart(string Title, IReadOnlyList<FormItem> Items);

/// <summary>The wording of an official form, as dated data: Print/Forms.</summary>
internal sealed record PaperForm
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<IReadOnlyList<PaperForm>> RecordSummaries = new(() => Read("record-summary"));

    /// <summary>First day of this wording.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The regulation that it follows.</summary>
    public required string Basis { get; init; }

    /// <summary>Somebody has compared it with the annex of the regulation.</summary>
    public bool Verified { get; init; }

    /// <summary>The state's name and motto.</summary>
    public required IReadOnlyList<string> State { get; init; }
    public required string Title { get; init; }
    public required IReadOnlyList<FormPart> Parts { get; init; }

    /// <summary>In place of what is not known.</summary>
    public required string Blank { get; init; }

    /// <summary>"Day {0} month {1} year {2}".</summary>
    public required string Day { get; init; }
    public required string NoDay { get; init; }
    public required string Signer { get; init; }
    public required string How { get; init; }

    /// <summary>The wording of the record summary of a day; before the first wording that we have, the first.</summary>
    public static PaperForm RecordSummary(DateOnly day) => RecordSummaries.Value.LastOrDefault(v => v.From <= day) ?? RecordSummaries.Value[0];

    /// <summary>All wordings, the earliest first.</summary>
    public static IReadOnlyList<PaperForm> AllRecordSummaries => RecordSummaries.Value;

    private static List<PaperForm> Read(string form)
    {
        using var stream = typeof(PaperForm).Assembly.GetManifestResourceStream($"forms/{form}.json") ?? throw new InvalidOperationException($"The form {form} is not in the assembly.");
        using var json = JsonDocument.Parse(stream);
        return [.. json.RootElement.GetProperty("versions").Deserialize<List<PaperForm>>(Json)!.OrderBy(v => v.From)];
    }
}
