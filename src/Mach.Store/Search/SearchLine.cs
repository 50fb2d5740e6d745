using System.Data.Common;
using Mach.Data;

namespace Mach.Store.Search;

/// <summary>How the statements of one search reach the database: all on one connection, or, where each is brief, beside those of others.</summary>
internal readonly record struct SearchLine(Db Db, DbConnection Connection, bool IsBrief)
{
    public Task<T> AskAsync<T>(BriefStatement statement, Func<DbDataReader, Task<T>> read, CancellationToken ct) =>
        IsBrief ? Db.AskAsync(statement, read, ct) : statement.RunAsync(Connection, read, ct);
}
