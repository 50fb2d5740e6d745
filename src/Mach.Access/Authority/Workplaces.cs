using System.Collections.Concurrent;
using Dapper;
using Mach.Data;
using Mach.Kernel;

namespace Mach.Access.Authority;

/// <summary>Posts, rota and proxies: where an account acts now, and for whom.</summary>
public sealed class Workplaces(Db db, TimeProvider clock, AccessLog log)
{
    public const int MostWhy = 300;
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(15), LongestShift = TimeSpan.FromHours(36);
    private readonly ConcurrentDictionary<string, (DateTimeOffset TrustedUntil, Known Known)> _known = new(StringComparer.Ordinal);

    /// <summary>Where an account acts now. Without posts it acts for the facility it is bound to, or for all.</summary>
    public async ValueTask<Workplace> OfAsync(string account, string? boundFacility, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!_known.TryGetValue(account, out var entry) || entry.TrustedUntil < now)
        {
            entry = (now + Trust, await LoadAsync(account, ct));
            _known[account] = entry;
        }

        return entry.Known.At(boundFacility, now);
    }

    /// <summary>Posts of an account, the newest first, with the shifts of the last and the coming 31 days.</summary>
    public async Task<IReadOnlyList<Post>> PostsAsync(string account, CancellationToken ct) => (await LoadAsync(account, ct)).Posts;

    /// <summary>Begins a post.</summary>
    /// <exception cref="AccountRuleException">Unknown account, no facility code, no role of the account, or an end before the start.</exception>
    public async Task<string> AddPostAsync(string by, string account, string facility, string? ward, IReadOnlyList<string> roles, bool byRota, DateTimeOffset since, DateTimeOffset? until, CancellationToken ct)
    {
        var row = await FindAsync(account, ct);
        Refuse(AccountRules.CheckFacility(facility) ?? (facility.Length == 0 ? new("facility", "Cần mã cơ sở.", "A facility code is needed.") : null));
        if (!roles.All(Scopes.Split(row.Roles).Contains))
        {
            Refuse(new("roles", "Tài khoản không có vai trò này.", "The account does not have this role."));
        }

        if (ward is { Length: > 64 } || until <= since)
        {
            Refuse(new("post.dates", "Ngày kết thúc phải sau ngày bắt đầu; mã khoa không quá 64 ký tự.", "The end has to be after the start; the id of a ward has 64 characters at most."));
        }

        var id = Ids.New();
        await WriteAsync(InsertPostSql, new { id, account = row.Name, facility = facility.ToUpperInvariant(), ward, roles = roles.Count == 0 ? null : string.Join(' ', roles), rota = byRota ? 1 : 0, since = since.ToUs(), until = until?.ToUs(), by, now = clock.GetUtcNow().ToUs() }, ct);
        await ChangedAsync(by, "post-add", row.Name, $"{row.Name} {facility} {ward}", ct);
        return id;
    }

    /// <summary>Ends a post.</summary>
    /// <returns>False when there is no such post, or it has ended.</returns>
    public async Task<bool> EndPostAsync(string by, string id, CancellationToken ct)
    {
        var account = await OneAsync<string>(PostAccountSql, new { id }, ct);
        if (account is null || await WriteAsync(EndPostSql, new { id, now = clock.GetUtcNow().ToUs() }, ct) == 0)
        {
            return false;
        }

        await ChangedAsync(by, "post-end", account, account, ct);
        return true;
    }

    /// <summary>Adds a shift to a post; one that begins at the same instant is replaced.</summary>
    /// <exception cref="AccountRuleException">No such post, or the shift is not between one minute and 36 hours long.</exception>
    public async Task AddShiftAsync(string by, string post, DateTimeOffset starts, DateTimeOffset ends, CancellationToken ct)
    {
        var account = await OneAsync<string>(PostAccountSql, new { id = post }, ct);
        if (account is null || ends <= starts || ends - starts > LongestShift)
        {
            Refuse(new("shift", "Ca làm việc phải dài từ 1 phút đến 36 giờ.", "A shift is between one minute and 36 hours long."));
        }

        await WriteAsync(InsertShiftSql, new { post, starts = starts.ToUs(), ends = ends.ToUs() }, ct);
        await ChangedAsync(by, "shift-add", account!, $"{account} {starts:u}", ct);
    }

    /// <summary>Takes a shift away that has not begun.</summary>
    public async Task<bool> RemoveShiftAsync(string by, string post, DateTimeOffset starts, CancellationToken ct)
    {
        var account = await OneAsync<string>(PostAccountSql, new { id = post }, ct);
        if (account is null || await WriteAsync(DeleteShiftSql, new { post, starts = starts.ToUs(), now = clock.GetUtcNow().ToUs() }, ct) == 0)
        {
            return false;
        }

        await ChangedAsync(by, "shift-remove", account, $"{account} {starts:u}", ct);
        return true;
    }

    /// <summary>Acts for this post from now on, where several count.</summary>
    /// <returns>False when it is not a post of the account that counts now.</returns>
    public async Task<bool> ChooseAsync(string account, string post, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!(await LoadAsync(account, ct)).Posts.Any(p => p.Id == post && p.Counts(now)))
        {
            return false;
        }

        await WriteAsync(ChooseSql, new { account, post, now = now.ToUs() }, ct);
        await ChangedAsync(account, "post-choose", account, post, ct);
        return true;
    }

    /// <summary>Says which Practitioner and which Patient the owner of an account is; null takes it back.</summary>
    /// <exception cref="AccountRuleException">Unknown account, or an id that is none.</exception>
    public async Task IdentifyAsync(string by, string account, string? practitioner, string? person, CancellationToken ct)
    {
        var row = await FindAsync(account, ct);
        if (!IsId(practitioner) || !IsId(person))
        {
            Refuse(new("id", "Mã định danh có 1–64 chữ cái, chữ số, dấu gạch nối hoặc dấu chấm.", "An id has 1–64 letters, digits, hyphens or dots."));
        }

        await WriteAsync(IdentifySql, new { account = row.Name, practitioner, person }, ct);
        await ChangedAsync(by, "account-identify", row.Name, $"{row.Name} {practitioner}", ct, person);
    }

    /// <summary>Who the owner of an account is.</summary>
    public async Task<(string? Practitioner, string? Person)> IdentityAsync(string account, CancellationToken ct)
    {
        var known = await LoadAsync(account, ct);
        return (known.Practitioner, known.Person);
    }

    /// <summary>Posts, the own person, and for whom the account acts at an instant.</summary>
    internal async Task<(IReadOnlyList<Post> Posts, string? Practitioner, string? Person, IReadOnlyList<string> ActsFor)> WhoAsync(string account, DateTimeOffset at, CancellationToken ct)
    {
        var known = await LoadAsync(account, ct);
        return (known.Posts, known.Practitioner, known.Person, [.. known.Proxies.Where(p => p.Counts(at)).Select(p => p.Person)]);
    }

    /// <summary>Lets an account act for a person.</summary>
    /// <exception cref="AccountRuleException">Unknown account, no reason, it is the person's own, or an end before the start.</exception>
    public async Task<string> AddProxyAsync(string by, string account, string person, ProxyKind kind, string why, DateTimeOffset? until, CancellationToken ct)
    {
        var row = await FindAsync(account, ct);
        var now = clock.GetUtcNow();
        var reason = why.Trim();
        if (reason.Length is < 5 or > MostWhy || until <= now || !IsId(person) || person.Length == 0)
        {
            Refuse(new("proxy", $"Cần ghi giấy tờ đã xem (5–{MostWhy} ký tự), và ngày kết thúc ở tương lai.", $"Say which paper was seen (5–{MostWhy} characters), and an end in the future."));
        }

        if ((await LoadAsync(row.Name, ct)).Person == person || row.Name == by)
        {
            Refuse(new("proxy.self", "Không ai tự cấp quyền cho mình.", "Nobody gives this to themselves."));
        }

        var id = Ids.New();
        await WriteAsync(InsertProxySql, new { id, account = row.Name, person, kind = kind.ToString(), why = reason, since = now.ToUs(), until = until?.ToUs(), by, now = now.ToUs() }, ct);
        await ChangedAsync(by, "proxy-add", row.Name, $"{row.Name} {kind}", ct, person);
        return id;
    }

    /// <summary>Ends it. The person and who acts may do so too.</summary>
    public async Task<bool> EndProxyAsync(string by, string id, CancellationToken ct)
    {
        var proxy = await ProxiesAsync(ProxyByIdSql, new { id }, ct) is [var found, ..] ? found : null;
        if (proxy is null || await WriteAsync(EndProxySql, new { id, by, now = clock.GetUtcNow().ToUs() }, ct) == 0)
        {
            return false;
        }

        await ChangedAsync(by, "proxy-end", proxy.Account, proxy.Account, ct, proxy.Person);
        return true;
    }

    /// <summary>Who acts or acted for a person, the newest first.</summary>
    public Task<IReadOnlyList<Proxy>> ProxiesOfAsync(string person, CancellationToken ct) => ProxiesAsync(ProxiesOfSql, new { person }, ct);

    /// <summary>For whom an account acts or acted, the newest first.</summary>
    public Task<IReadOnlyList<Proxy>> ActsForAsync(string account, CancellationToken ct) => ProxiesAsync(ProxiesBySql, new { account }, ct);

    private async Task<IReadOnlyList<Proxy>> ProxiesAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<ProxyRow>(new CommandDefinition(sql, parameters, cancellationToken: ct))).Select(r => r.ToProxy())];
    }

    private async Task<Known> LoadAsync(string account, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        var who = await connection.QuerySingleOrDefaultAsync<WhoRow>(new CommandDefinition(WhoSql, new { account }, cancellationToken: ct));
        var posts = (await connection.QueryAsync<PostRow>(new CommandDefinition(PostsSql, new { account }, cancellationToken: ct))).AsList();
        var shifts = posts.Count == 0 ? [] : (await connection.QueryAsync<ShiftRow>(new CommandDefinition(ShiftsSql, new { account, from = (now - TimeSpan.FromDays(31)).ToUs(), to = (now + TimeSpan.FromDays(31)).ToUs() }, cancellationToken: ct))).AsList();
        var proxies = await connection.QueryAsync<ProxyRow>(new CommandDefinition(ProxiesBySql, new { account }, cancellationToken: ct));
        return new Known(
            [.. posts.Select(p => p.ToPost([.. shifts.Where(s => s.Post == p.Id).Select(s => new Shift(Instants.FromUs(s.Starts), Instants.FromUs(s.Ends)))]))],
            [.. proxies.Select(p => p.ToProxy())], who?.Post, who?.Practitioner, who?.Person);
    }

    private async Task<AccountRow> FindAsync(string account, CancellationToken ct)
    {
        var row = await OneAsync<AccountRow>("SELECT name, roles FROM acc_account WHERE name=@name", new { name = AccountRules.Fold(account) }, ct);
        if (row is null)
        {
            Refuse(new("unknown", $"Không có tài khoản {account}.", $"There is no account {account}."));
        }

        return row!;
    }

    private async Task<T?> OneAsync<T>(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }

    private Task<int> WriteAsync(string sql, object parameters, CancellationToken ct) =>
        db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: ct)), ct);

    private async Task ChangedAsync(string by, string action, string account, string detail, CancellationToken ct, string? person = null)
    {
        _known.TryRemove(account, out _);
        await log.RecordAsync(new AccessEvent(by, action, AccessOutcome.Ok, person, Detail: detail), ct);
    }

    private static bool IsId(string? id) => id is null || (id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'));

    private static void Refuse(AccountProblem? problem)
    {
        if (problem is not null)
        {
            throw new AccountRuleException(problem);
        }
    }

    private sealed record Known(IReadOnlyList<Post> Posts, IReadOnlyList<Proxy> Proxies, string? Chosen, string? Practitioner, string? Person)
    {
        public Workplace At(string? bound, DateTimeOffset now)
        {
            var open = Posts.Where(p => p.Counts(now)).ToList();
            var post = open.Find(p => p.Id == Chosen) ?? open.MinBy(p => p.Since);
            return new Workplace
            {
                IsEverywhere = Posts.Count == 0 && bound is null,
                Facility = post?.Facility ?? (Posts.Count == 0 ? bound : null),
                Ward = post?.Ward,
                Roles = post is { Roles.Count: > 0 } ? post.Roles : null,
                Post = post?.Id,
                IsOffDuty = Posts.Count > 0 && post is null,
                Practitioner = Practitioner,
                Person = Person,
                ActsFor = [.. Proxies.Where(p => p.Counts(now)).Select(p => p.Person).Distinct()],
            };
        }
    }

    private sealed class WhoRow
    {
        public string? Practitioner { get; init; }
        public string? Person { get; init; }
        public string? Post { get; init; }
    }

    private sealed class PostRow
    {
        public string Id { get; init; } = "";
        public string Account { get; init; } = "";
        public string Facility { get; init; } = "";
        public string? Ward { get; init; }
        public string? Roles { get; init; }
        public int Rota { get; init; }
        public long Since { get; init; }
        public long? Until { get; init; }

        public Post ToPost(IReadOnlyList<Shift> shifts) =>
            new(Id, Account, Facility, Ward, Scopes.Split(Roles), Rota != 0, Instants.FromUs(Since), Until is { } until ? Instants.FromUs(until) : null) { Shifts = shifts };
    }

    private sealed class ShiftRow
    {
        public string Post { get; init; } = "";
        public long Starts { get; init; }
        public long Ends { get; init; }
    }

    private sealed class ProxyRow
    {
        public string Id { get; init; } = "";
        public string Account { get; init; } = "";
        public string Person { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Why { get; init; } = "";
        public long Since { get; init; }
        public long? Until { get; init; }
        public string MadeBy { get; init; } = "";
        public long Made { get; init; }
        public long? Ended { get; init; }
        public string? EndedBy { get; init; }

        public Proxy ToProxy() => new(Id, Account, Person, Enum.Parse<ProxyKind>(Kind), Why, Instants.FromUs(Since), Until is { } until ? Instants.FromUs(until) : null, MadeBy, Instants.FromUs(Made))
        {
            Ended = Ended is { } ended ? Instants.FromUs(ended) : null,
            EndedBy = EndedBy,
        };
    }

    private const string WhoSql = "SELECT a.practitioner, a.person, c.post FROM acc_account a LEFT JOIN acc_chosen c ON c.account=a.name WHERE a.name=@account";
    private const string PostsSql = "SELECT id, account, facility, ward, roles, rota, since, until FROM acc_post WHERE account=@account ORDER BY since DESC, id DESC";
    private const string ShiftsSql = "SELECT s.post, s.starts, s.ends FROM acc_post p JOIN acc_shift s ON s.post=p.id WHERE p.account=@account AND s.ends>=@from AND s.starts<=@to ORDER BY s.starts";
    private const string PostAccountSql = "SELECT account FROM acc_post WHERE id=@id";
    private const string InsertPostSql = "INSERT INTO acc_post(id, account, facility, ward, roles, rota, since, until, made_by, made) VALUES(@id, @account, @facility, @ward, @roles, @rota, @since, @until, @by, @now)";
    private const string EndPostSql = "UPDATE acc_post SET until=@now WHERE id=@id AND (until IS NULL OR until>@now)";
    private const string InsertShiftSql = "INSERT INTO acc_shift(post, starts, ends) VALUES(@post, @starts, @ends) ON CONFLICT(post, starts) DO UPDATE SET ends=excluded.ends";
    private const string DeleteShiftSql = "DELETE FROM acc_shift WHERE post=@post AND starts=@starts AND starts>@now";
    private const string ChooseSql = "INSERT INTO acc_chosen(account, post, at) VALUES(@account, @post, @now) ON CONFLICT(account) DO UPDATE SET post=excluded.post, at=excluded.at";
    private const string IdentifySql = "UPDATE acc_account SET practitioner=@practitioner, person=@person WHERE name=@account";
    private const string ProxyColumns = "id, account, person, kind, why, since, until, made_by AS MadeBy, made, ended, ended_by AS EndedBy";
    private const string InsertProxySql = "INSERT INTO acc_proxy(id, account, person, kind, why, since, until, made_by, made) VALUES(@id, @account, @person, @kind, @why, @since, @until, @by, @now)";
    private const string EndProxySql = "UPDATE acc_proxy SET ended=@now, ended_by=@by WHERE id=@id AND ended IS NULL";
    private const string ProxyByIdSql = $"SELECT {ProxyColumns} FROM acc_proxy WHERE id=@id";
    private const string ProxiesOfSql = $"SELECT {ProxyColumns} FROM acc_proxy WHERE person=@person ORDER BY made DESC, id DESC";
    private const string ProxiesBySql = $"SELECT {ProxyColumns} FROM acc_proxy WHERE account=@account ORDER BY made DESC, id DESC";
}
