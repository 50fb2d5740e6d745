using System.Data.Common;
using Dapper;
using Mach.Access.SignIn;
using Mach.Access.Tokens;
using Mach.Data;

namespace Mach.Access;

/// <summary>An account or client was refused; the message says why in both languages.</summary>
public sealed class AccountRuleException(AccountProblem problem) : ArgumentException($"{problem.Vi} / {problem.En}")
{
    public AccountProblem Problem { get; } = problem;
}

/// <summary>Who may sign in: accounts of people and hospital systems, and programs (OAuth clients). Every change ends what it makes invalid at once.</summary>
public sealed partial class Accounts
{
    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly Tickets _tickets;

    private readonly BreachedPasswords? _breached;

    internal Accounts(Db db, TimeProvider clock, Tickets tickets, BreachedPasswords? breached = null) => (_db, _clock, _tickets, _breached) = (db, clock, tickets, breached);

    /// <summary>True when at least one account exists that may sign in; a hub without any prints how to make the first.</summary>
    public async Task<bool> AnyAsync(CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(CountSql, cancellationToken: ct)) > 0;
    }

    /// <summary>All accounts, by name.</summary>
    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<AccountRow>(new CommandDefinition(ListSql, cancellationToken: ct));
        return [.. rows.Select(r => r.ToAccount())];
    }

    /// <summary>Null when there is no such account.</summary>
    public async Task<Account?> FindAsync(string name, CancellationToken ct) => (await FindRowAsync(name, ct))?.ToAccount();

    /// <summary>Makes an account.</summary>
    /// <exception cref="AccountRuleException">The name is taken, or name, password, roles or facility are not as they must be.</exception>
    public async Task CreateAsync(NewAccount account, CancellationToken ct)
    {
        Refuse(AccountRules.Check(account) ?? CheckPassword(AccountRules.Fold(account.Name), account.Password));
        var row = NewRow(account);
        try
        {
            await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(InsertSql, row, transaction, cancellationToken: ct)), ct);
        }
        catch (DbException e) when (Db.IsUniqueViolation(e))
        {
            Refuse(new("name.taken", $"Tên đăng nhập {row.Name} đã có.", $"The user name {row.Name} exists already."));
        }
    }

    /// <summary>Makes the account, or sets name, password, roles and facility of the one that is there and enables it; writes nothing when all is as it should be.</summary>
    /// <exception cref="AccountRuleException">See <see cref="CreateAsync"/>.</exception>
    public async Task EnsureAsync(NewAccount account, CancellationToken ct)
    {
        Refuse(AccountRules.Check(account));
        var row = await FindRowAsync(account.Name, ct);
        if (row is null)
        {
            await CreateAsync(account, ct);
            return;
        }

        if (row.Disabled is not null || row.Display != account.DisplayName.Trim() || row.Facility != account.Facility
            || row.Roles != string.Join(' ', account.Roles) || !Passwords.Verify(row.Password, account.Password)
            || (Passwords.MaySend(account.Roles) && row.PasswordMd5 is null))
        {
            await ChangeAsync(row.Name, ReplaceSql, NewRow(account), ct);
        }
    }

    /// <summary>Sets a new password; sessions and tokens of the account end.</summary>
    /// <exception cref="AccountRuleException">Unknown account, or the password is too short, too common or known from a breach.</exception>
    public async Task SetPasswordAsync(string name, string password, CancellationToken ct)
    {
        var row = await FindRowAsync(name, ct);
        Refuse(row is null ? Unknown(name) : CheckPassword(row.Name, password));
        row!.Password = Passwords.Hash(password);
        row.PasswordMd5 = Passwords.MaySend(row.ToAccount().Roles) ? Passwords.HashMd5(password) : null;
        await ChangeAsync(row.Name, PasswordSql, row, ct);
    }

    /// <summary>Closes or opens an account. Closing ends its sessions and tokens; nothing is deleted.</summary>
    /// <exception cref="AccountRuleException">Unknown account, or it is the last enabled administrator.</exception>
    public async Task SetDisabledAsync(string name, bool disabled, CancellationToken ct)
    {
        await KeepAnAdministratorAsync(name, stays: !disabled, ct);
        await ChangeAsync(AccountRules.Fold(name), DisabledSql, new { Name = AccountRules.Fold(name), Disabled = disabled ? _clock.GetUtcNow().ToUs() : (long?)null }, ct);
    }

    /// <summary>Closes an account as long as it has this password, even the last administrator: for passwords that are public knowledge.</summary>
    /// <returns>False when there is no such account, it is closed already, or it has another password.</returns>
    public async Task<bool> CloseIfPasswordAsync(string name, string password, CancellationToken ct)
    {
        if (await FindRowAsync(name, ct) is not { Disabled: null } row || !Passwords.Verify(row.Password, password))
        {
            return false;
        }

        await ChangeAsync(row.Name, DisabledSql, new { row.Name, Disabled = (long?)_clock.GetUtcNow().ToUs() }, ct);
        return true;
    }

    /// <summary>Sets the roles; sessions and tokens of the account end.</summary>
    /// <exception cref="AccountRuleException">Unknown account or role, or the last administrator would lose the role.</exception>
    public async Task SetRolesAsync(string name, IReadOnlyList<string> roles, CancellationToken ct)
    {
        Refuse(AccountRules.CheckRoles(roles));
        await KeepAnAdministratorAsync(name, roles.Contains(Roles.Administrator), ct);
        await ChangeAsync(AccountRules.Fold(name), RolesSql, new { Name = AccountRules.Fold(name), Roles = string.Join(' ', roles) }, ct);
    }

    /// <summary>Binds the account to one facility code, or to none with null; its sessions and tokens end.</summary>
    /// <exception cref="AccountRuleException">Unknown account, or the code is not 5 letters or digits.</exception>
    public async Task BindFacilityAsync(string name, string? facility, CancellationToken ct)
    {
        Refuse(AccountRules.CheckFacility(facility) ?? (await FindRowAsync(name, ct) is null ? Unknown(name) : null));
        await ChangeAsync(AccountRules.Fold(name), FacilitySql, new { Name = AccountRules.Fold(name), Facility = facility }, ct);
    }

    /// <summary>Why this may not be the password of an account; null when it may.</summary>
    internal AccountProblem? CheckPassword(string name, string? password) => AccountRules.CheckPassword(name, password)
        ?? (_breached?.Has(password!) == true ? new("password.breached",
            "Mật khẩu này đã bị lộ ở nơi khác; hãy chọn mật khẩu khác.",
            "This password is known from a breach elsewhere; choose another one.") : null);

    internal async Task<AccountRow?> FindRowAsync(string name, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<AccountRow>(new CommandDefinition(FindSql, new { Name = AccountRules.Fold(name) }, cancellationToken: ct));
    }

    /// <summary>Keeps the second hash for portal clients that send the MD5 of the password, once the password itself was seen to be right.</summary>
    internal Task RememberMd5Async(string name, string password, CancellationToken ct) =>
        _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            Md5Sql, new { Name = name, PasswordMd5 = Passwords.HashMd5(password) }, transaction, cancellationToken: ct)), ct);

    /// <summary>Keeps the password that was just given under today's number of rounds; a password set meanwhile stays.</summary>
    internal Task RehashAsync(string name, string former, string password, CancellationToken ct) =>
        _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            RehashSql, new { Name = name, Former = former, Password = Passwords.Hash(password) }, transaction, cancellationToken: ct)), ct);

    private async Task ChangeAsync(string name, string sql, object values, CancellationToken ct)
    {
        await _db.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(sql, values, transaction, cancellationToken: ct));
            return await connection.ExecuteAsync(new CommandDefinition(Tickets.RevokeAccountSql, new { Subject = name }, transaction, cancellationToken: ct));
        }, ct);
        _tickets.Forget();
    }

    private async Task KeepAnAdministratorAsync(string name, bool stays, CancellationToken ct)
    {
        var all = await ListAsync(ct);
        var account = all.FirstOrDefault(a => a.Name == AccountRules.Fold(name));
        Refuse(account is null ? Unknown(name) : null);
        var others = all.Any(a => a.Name != account!.Name && !a.Disabled && a.Roles.Contains(Roles.Administrator));
        if (!stays && !others && !account!.Disabled && account.Roles.Contains(Roles.Administrator))
        {
            Refuse(new("last-administrator",
                "Đây là quản trị viên cuối cùng; hãy tạo quản trị viên khác trước.",
                "This is the last administrator; make another one first."));
        }
    }

    private AccountRow NewRow(NewAccount account) => new()
    {
        Name = AccountRules.Fold(account.Name),
        Display = string.IsNullOrWhiteSpace(account.DisplayName) ? AccountRules.Fold(account.Name) : account.DisplayName.Trim(),
        Password = Passwords.Hash(account.Password),
        PasswordMd5 = Passwords.MaySend(account.Roles) ? Passwords.HashMd5(account.Password) : null,
        Roles = string.Join(' ', account.Roles),
        Facility = account.Facility,
        Created = _clock.GetUtcNow().ToUs(),
        MustChange = account.MustChange ? _clock.GetUtcNow().ToUs() : null,
    };

    private static AccountProblem Unknown(string name) => new("unknown", $"Không có tài khoản {name}.", $"There is no account {name}.");

    private static void Refuse(AccountProblem? problem)
    {
        if (problem is not null)
        {
            throw new AccountRuleException(problem);
        }
    }

    private const string Columns = "name, display, password, password_md5 AS PasswordMd5, roles, facility, created, disabled, last_sign_in AS LastSignIn, must_change AS MustChange";
    private const string CountSql = "SELECT COUNT(*) FROM acc_account WHERE disabled IS NULL";
    private const string ListSql = $"SELECT {Columns} FROM acc_account ORDER BY name";
    private const string FindSql = $"SELECT {Columns} FROM acc_account WHERE name = @Name";
    private const string InsertSql = """
        INSERT INTO acc_account(name, display, password, password_md5, roles, facility, created, must_change)
        VALUES (@Name, @Display, @Password, @PasswordMd5, @Roles, @Facility, @Created, @MustChange)
        """;
    private const string ReplaceSql = """
        UPDATE acc_account SET display = @Display, password = @Password, password_md5 = @PasswordMd5,
            roles = @Roles, facility = @Facility, disabled = NULL, must_change = @MustChange WHERE name = @Name
        """;
    private const string PasswordSql = "UPDATE acc_account SET password = @Password, password_md5 = @PasswordMd5, must_change = NULL WHERE name = @Name";
    private const string RehashSql = "UPDATE acc_account SET password = @Password WHERE name = @Name AND password = @Former";
    private const string Md5Sql = "UPDATE acc_account SET password_md5 = @PasswordMd5 WHERE name = @Name";
    private const string DisabledSql = "UPDATE acc_account SET disabled = @Disabled WHERE name = @Name";
    private const string RolesSql = "UPDATE acc_account SET roles = @Roles WHERE name = @Name";
    private const string FacilitySql = "UPDATE acc_account SET facility = @Facility WHERE name = @Name";
}
