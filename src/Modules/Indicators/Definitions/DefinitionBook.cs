using System.Reflection;
using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.Indicators.Definitions;

/// <summary>A version with who wrote it, when and why; of a shipped one nobody did.</summary>
public sealed record Edition(Indicator Definition, string Who, DateTimeOffset? At, string Why);

/// <summary>All versions of all definitions: those that come with the program, and those that were written here.</summary>
internal sealed class DefinitionBook(Db db, TimeProvider clock)
{
    private const string All = "SELECT code, version, body, who, at_us, why FROM ind_definition ORDER BY code, version";
    private const string Insert = "INSERT INTO ind_definition(code, version, body, who, at_us, why) VALUES(@code, @version, @body, @who, @at, @why)";

    private static readonly Lazy<IReadOnlyList<Indicator>> s_shipped = new(LoadShipped);
    private volatile IReadOnlyList<Edition>? _editions;

    private sealed record Row
    {
        public string Code { get; init; } = "";
        public int Version { get; init; }
        public string Body { get; init; } = "";
        public string Who { get; init; } = "";
        public long At_Us { get; init; }
        public string Why { get; init; } = "";
    }

    public static IReadOnlyList<Indicator> Shipped => s_shipped.Value;

    /// <summary>The newest version of each, in the order of the shipped list, then by code.</summary>
    public async ValueTask<IReadOnlyList<Indicator>> CurrentAsync(CancellationToken ct)
    {
        var order = Shipped.Select((d, i) => (d.Code, i)).ToDictionary(d => d.Code, d => d.i, StringComparer.Ordinal);
        return [.. (await EditionsAsync(ct)).GroupBy(e => e.Definition.Code).Select(g => g.MaxBy(e => e.Definition.Version)!.Definition).OrderBy(d => order.GetValueOrDefault(d.Code, int.MaxValue)).ThenBy(d => d.Code, StringComparer.Ordinal)];
    }

    public async ValueTask<Indicator?> FindAsync(string code, int? version, CancellationToken ct) =>
        (await EditionsAsync(ct)).Where(e => e.Definition.Code == code && (version is null || e.Definition.Version == version)).MaxBy(e => e.Definition.Version)?.Definition;

    public async ValueTask<IReadOnlyList<Edition>> HistoryAsync(string code, CancellationToken ct) =>
        [.. (await EditionsAsync(ct)).Where(e => e.Definition.Code == code).OrderByDescending(e => e.Definition.Version)];

    /// <summary>Writes the next version.</summary>
    /// <returns>False when somebody else wrote one of that number first.</returns>
    public async Task<bool> AddAsync(Indicator definition, string who, string why, CancellationToken ct)
    {
        try
        {
            await db.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(
                Insert, new { code = definition.Code, version = definition.Version, body = definition.Write(), who, at = Instants.ToMicroseconds(clock.GetUtcNow()), why }, transaction, cancellationToken: ct)), ct);
        }
        catch (Exception e) when (Db.IsUniqueViolation(e))
        {
            return false;
        }
        finally
        {
            _editions = null;
        }

        return true;
    }

    /// <summary>Reads again what other processes may have written.</summary>
    public void Forget() => _editions = null;

    private async ValueTask<IReadOnlyList<Edition>> EditionsAsync(CancellationToken ct)
    {
        if (_editions is { } known)
        {
            return known;
        }

        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(All, cancellationToken: ct));
        return _editions = [.. Shipped.Select(d => new Edition(d, "", null, "")), .. rows.Select(r => new Edition(Indicator.Read(r.Body), r.Who, Instants.FromMicroseconds(r.At_Us), r.Why))];
    }

    private static List<Indicator> LoadShipped()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("indicators.json")!;
        return JsonSerializer.Deserialize<List<Indicator>>(stream)!;
    }
}
