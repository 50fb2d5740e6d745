namespace Mach.Indicators.Quality;

/// <summary>What a finding is about; the same as long as it is the same trouble.</summary>
/// <param name="Indicator">Code; empty where the check is of none.</param>
/// <param name="Place">A facility, t: and a tier, or * = all.</param>
/// <param name="Month">yyyyMM.</param>
public readonly record struct FindingKey(string Rule, string Indicator, string Place, int Month)
{
    /// <summary>Its part of an address: rule.indicator.place.month.</summary>
    public string Address => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Rule}.{(Indicator.Length == 0 ? "-" : Indicator)}.{(Place == "*" ? "all" : Place.Replace(':', '-'))}.{Month}");

    public static FindingKey? Parse(string address)
    {
        var parts = address.Split('.');
        return parts.Length == 4 && int.TryParse(parts[3], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var month)
            ? new(parts[0], parts[1] == "-" ? "" : parts[1], parts[2] == "all" ? "*" : parts[2].StartsWith("t-", StringComparison.Ordinal) ? "t:" + parts[2][2..] : parts[2], month) : null;
    }
}

/// <summary>What a check found now.</summary>
/// <param name="Effect">Share of the number of all places that is in doubt, or at stake; with its sign.</param>
/// <param name="Rows">Rows of the record behind the value; few of them are not shown to who may not see the people.</param>
public sealed record Found(FindingKey Key, double Value, double Expected, double Effect, long Rows);

/// <summary>What happened to a finding.</summary>
public enum FindingAct
{
    /// <summary>The program found it, for the first time or again.</summary>
    Found,
    /// <summary>The program found it with another value.</summary>
    Changed,
    /// <summary>The program no longer finds it: the record was mended.</summary>
    Gone,
    /// <summary>Somebody was made its owner, until a day.</summary>
    Given,
    /// <summary>Somebody said why it is as it is: nothing has to be done.</summary>
    Explained,
    /// <summary>Somebody took the explanation back.</summary>
    Opened,
}

/// <summary>One step of a finding.</summary>
/// <param name="Who">Account; empty = the program.</param>
/// <param name="Owner">Account; empty = nobody yet: the place itself.</param>
public sealed record FindingStep(FindingKey Key, int Step, FindingAct Act, string Who, DateTimeOffset At, string Why, string Owner, DateOnly Due, double Value, double Expected, double Effect, long Rows)
{
    public bool IsOpen => Act is not (FindingAct.Gone or FindingAct.Explained);
}
