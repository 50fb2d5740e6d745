namespace Mach.Store.Search;

/// <summary>
/// The statements of all lists, in both directions: a range of one index by keyset, so that a page costs the same wherever it is.
/// @a, @b, @text and @rid are the last position seen, @end the far end of the range, @n the number wanted.
/// </summary>
internal sealed record ListSql(string Ascending, string Descending)
{
    public bool IsText { get; private init; }
    public bool IsDouble { get; private init; }
    public bool HasOwner { get; private init; }
    public bool HasTies { get; private init; } = true;

    /// <summary>Resources of one patient with a token, by date.</summary>
    public static readonly ListSql PatientToken = ByNumber("tok", "h=@h AND pk=@pk", "dt");

    /// <summary>Resources of one type in a patient's compartment, by date.</summary>
    public static readonly ListSql Compartment = ByNumber("res", "pk=@pk AND type=@type", "dt");

    /// <summary>Resources that refer to one, by date.</summary>
    public static readonly ListSql Reference = ByNumber("ref", "tgt=@tgt AND p=@p", "dt");

    /// <summary>Date rows by start; @hi leaves out what ends too early.</summary>
    public static readonly ListSql Date = ByNumber("dat", "p=@p AND hi>@hi", "lo");

    /// <summary>Numbers of one parameter and unit.</summary>
    public static readonly ListSql Number = ByNumber("qty", "h=@h", "v") with { IsDouble = true };

    public static readonly ListSql Text = ByText("str", "p=@p", "s", ties: true);

    /// <summary>All resources of a type, by id.</summary>
    public static readonly ListSql Ids = ByText("res", "type=@type AND del=0", "fid", ties: false);

    /// <summary>Those of some ids, by id. The concatenation keeps the engines from walking the whole range instead of looking the ids up.</summary>
    public static readonly ListSql SomeIds = new(
        "SELECT fid, rid FROM res WHERE type=@type AND del=0 AND fid {in:ids} AND fid||''>@text AND fid||''<@end ORDER BY fid LIMIT @n",
        "SELECT fid, rid FROM res WHERE type=@type AND del=0 AND fid {in:ids} AND fid||''<@text AND fid||''>=@end ORDER BY fid DESC LIMIT @n")
    {
        IsText = true,
        HasTies = false,
    };

    /// <summary>All resources of a type, by last change.</summary>
    public static readonly ListSql Changes = new(
        "SELECT seq, rid FROM res WHERE type=@type AND del=0 AND seq>@a AND seq<@end ORDER BY seq LIMIT @n",
        "SELECT seq, rid FROM res WHERE type=@type AND del=0 AND seq<@a AND seq>=@end ORDER BY seq DESC LIMIT @n")
    {
        HasTies = false,
    };

    /// <summary>A token over all patients. The owners' order has no meaning of its own; it is the order of the index.</summary>
    public static readonly ListSql Token = new(
        "SELECT pk, dt, rid FROM tok WHERE h=@h AND (pk, dt, rid)>(@a, @b, @rid) AND pk<@end ORDER BY pk, dt, rid LIMIT @n",
        "SELECT pk, dt, rid FROM tok WHERE h=@h AND (pk, dt, rid)<(@a, @b, @rid) AND pk>=@end ORDER BY pk DESC, dt DESC, rid DESC LIMIT @n")
    {
        HasOwner = true,
    };

    private static ListSql ByNumber(string table, string where, string key) => new(
        $"SELECT {key}, rid FROM {table} WHERE {where} AND ({key}, rid)>(@a, @rid) AND {key}<@end ORDER BY {key}, rid LIMIT @n",
        $"SELECT {key}, rid FROM {table} WHERE {where} AND ({key}, rid)<(@a, @rid) AND {key}>=@end ORDER BY {key} DESC, rid DESC LIMIT @n");

    private static ListSql ByText(string table, string where, string key, bool ties) => new(
        ties
            ? $"SELECT {key}, rid FROM {table} WHERE {where} AND ({key}, rid)>(@text, @rid) AND {key}<@end ORDER BY {key}, rid LIMIT @n"
            : $"SELECT {key}, rid FROM {table} WHERE {where} AND {key}>@text AND {key}<@end ORDER BY {key} LIMIT @n",
        ties
            ? $"SELECT {key}, rid FROM {table} WHERE {where} AND ({key}, rid)<(@text, @rid) AND {key}>=@end ORDER BY {key} DESC, rid DESC LIMIT @n"
            : $"SELECT {key}, rid FROM {table} WHERE {where} AND {key}<@text AND {key}>=@end ORDER BY {key} DESC LIMIT @n")
    {
        IsText = true,
        HasTies = ties,
    };
}
