using System.Text.Json;
using Dapper;
using Mach.Access.Tokens;
using Mach.Data;

namespace Mach.Access.Programs;

/// <summary>Programs that people open from a record: a word of one use, for one program and one person, five minutes.</summary>
/// <remarks>Source: SMART App Launch 2.1, "Launch App: EHR Launch".</remarks>
public sealed class Launches
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly Db _db;
    private readonly TimeProvider _clock;

    internal Launches(Db db, TimeProvider clock) => (_db, _clock) = (db, clock);

    /// <summary>Address that opens the program.</summary>
    /// <param name="fhirBase">Base of our FHIR API.</param>
    /// <exception cref="ArgumentException">The program is not opened from a record, or the context is no id.</exception>
    public async Task<string> BeginAsync(Client client, string account, LaunchContext context, string fhirBase, CancellationToken ct)
    {
        if (client.LaunchAddress is not { } address || client.Disabled || !context.IsFine)
        {
            throw new ArgumentException($"{client.Id} cannot be opened from here.", nameof(client));
        }

        var word = Tickets.RandomText();
        var now = _clock.GetUtcNow();
        var row = new { Sha = Tickets.Hash(word), Client = client.Id, Account = account, Context = JsonSerializer.Serialize(context), Expires = (now + Lifetime).ToUs(), Old = (now - TimeSpan.FromDays(1)).ToUs() };
        await _db.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(ForgetSql, row, transaction, cancellationToken: ct));
            return await connection.ExecuteAsync(new CommandDefinition(InsertSql, row, transaction, cancellationToken: ct));
        }, ct);
        return $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}iss={Uri.EscapeDataString(fhirBase)}&launch={word}";
    }

    /// <summary>What the word stands for, to this program for this person; null when it is theirs not, too old, or used.</summary>
    internal async Task<LaunchContext?> FindAsync(string word, string client, string account, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var text = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            FindSql, new { Sha = Tickets.Hash(word), Client = client, Account = account, Now = _clock.GetUtcNow().ToUs() }, cancellationToken: ct));
        return text is null ? null : JsonSerializer.Deserialize<LaunchContext>(text);
    }

    /// <summary>Statement that uses a word up; parameters Launch (hash) and Now.</summary>
    internal const string UseSql = "UPDATE acc_launch SET used = @Now WHERE sha = @Launch AND used IS NULL AND expires > @Now";
    private const string ForgetSql = "DELETE FROM acc_launch WHERE expires < @Old";
    private const string InsertSql = "INSERT INTO acc_launch(sha, client, account, context, expires) VALUES (@Sha, @Client, @Account, @Context, @Expires)";
    private const string FindSql = "SELECT context FROM acc_launch WHERE sha = @Sha AND client = @Client AND account = @Account AND used IS NULL AND expires > @Now";
}
