using System.Data.Common;
using Mach.Data;
using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>What a list is ordered by.</summary>
internal enum ListOrder
{
    /// <summary>Clinical date of the resource (res.dt), then number.</summary>
    Date,
    /// <summary>Owner (patient), clinical date, number.</summary>
    Owner,
    /// <summary>An indexed text; one resource may stand at several places.</summary>
    Text,
    /// <summary>The whole name; once per resource.</summary>
    Name,
    /// <summary>An indexed number; one resource may stand at several places.</summary>
    Number,
    /// <summary>Start of an indexed date that is not the type's clinical one; one resource may stand at several places.</summary>
    Value,
    /// <summary>Sequence number of the current version.</summary>
    Seq,
    /// <summary>FHIR id.</summary>
    Id,
}

/// <summary>One range of one index, read in order a piece at a time.</summary>
/// <param name="Sql">Both directions of the statement.</param>
/// <param name="From">Lowest key, inclusive.</param>
/// <param name="To">Highest key, exclusive; only Text and A are looked at.</param>
/// <param name="Arguments">Values of the fixed part of the statement.</param>
internal sealed record PostingList(ListSql Sql, Position From, Position To, params (string Name, object Value)[] Arguments)
{
    /// <summary>The parameter number for lists of texts and dates, which say where else a resource stands in them.</summary>
    public short Parameter { get; init; }

    /// <summary>The parameter whose rows these are; null for rows of our own.</summary>
    public SearchParameter? Source { get; init; }

    /// <summary>For lists of numbers: the key beside the parameter.</summary>
    public string Key { get; init; } = "";

    /// <summary>The next <paramref name="count"/> positions after <paramref name="after"/> (null = from the beginning).</summary>
    public Task<List<Position>> ReadAsync(SearchLine line, Position? after, bool descending, int count, CancellationToken ct)
    {
        // Below every number, so that the bound itself is in (ascending) or out (descending).
        var start = after ?? (descending ? To : From) with { Rid = long.MinValue, B = long.MinValue };
        var end = descending ? From : To;
        var statement = new BriefStatement(line.Db.Sql(descending ? Sql.Descending : Sql.Ascending));
        foreach (var (name, value) in Arguments)
        {
            statement.With(name, value);
        }

        if (Sql.IsText)
        {
            statement.With("text", start.Text).With("end", end.Text);
        }
        else if (Sql.IsDouble)
        {
            statement.With("a", NumberRange.Number(start.A)).With("end", NumberRange.Number(end.A));
        }
        else
        {
            statement.With("a", start.A).With("end", end.A);
        }

        if (Sql.HasOwner)
        {
            statement.With("b", start.B);
        }

        if (Sql.HasTies)
        {
            statement.With("rid", start.Rid);
        }

        statement.With("n", count);
        return line.AskAsync(statement, reader => PositionsAsync(reader, count), ct);
    }

    private async Task<List<Position>> PositionsAsync(DbDataReader reader, int count)
    {
        var found = new List<Position>(Math.Min(count, 1024));
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            found.Add(Sql.HasOwner ? Position.OfOwner(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2))
                : Sql.IsDouble ? Position.OfNumber(NumberRange.Sortable(reader.GetDouble(0)), reader.GetInt64(1))
                : Sql.IsText ? Position.OfText(reader.GetString(0), reader.GetInt64(1))
                : Position.OfNumber(reader.GetInt64(0), reader.GetInt64(1)));
        }

        return found;
    }

    public bool Holds(string text) => string.CompareOrdinal(text, From.Text) >= 0 && string.CompareOrdinal(text, To.Text) < 0;
}

internal static class Parameters
{
    public static DbCommand With(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return command;
    }
}
