using Mach.Ui;

namespace Mach.Trust;

/// <summary>The words of the pages of trust.</summary>
internal static class Words
{
    public static readonly Texts T = new(typeof(Words).Assembly);

    /// <summary>A list of values of the policy in words: "Hiv Mental" → "HIV, mental health".</summary>
    public static string Listed<TValue>(string kind, IEnumerable<TValue> values) =>
        string.Join(", ", values.Select(value => T.Find($"{kind}.{value}") ?? $"{value}")) is { Length: > 0 } text ? text : T["None"];

    /// <summary>A sentence of the policy in the language of the request.</summary>
    public static string Said(Access.Authority.PolicyWords words) => Texts.IsEnglish ? words.En : words.Vi;
}
