using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Kernel;

namespace Mach.Store.Reading;

/// <summary>
/// Row-level security of PostgreSQL: the relationship part of a <see cref="Sight"/> (whose record, which facility) as a policy of the tables of heads and
/// versions, for a role that owns nothing. A statement that forgot its condition would still show no person of another facility. Labels and denials stay
/// with the statements.
/// </summary>
internal static class SecondWall
{
    /// <summary>Views read under this role. It is the server's, not the database's.</summary>
    internal const string Role = "mach_seer";

    private const long HourUs = 3_600_000_000;

    /// <summary>What reading needs; keys, settings and the log stay closed.</summary>
    private const string Tables = "res, ver, past, tok, ref, str, dat, qty, param, consent, tie, person, counter";

    private static string Setting(string name, string cast) => $"((SELECT NULLIF(current_setting('mach.{name}', true), '')::{cast})::{cast})";

    private static string Orgs => Setting("orgs", "int[]");

    private static string Visit => $"o.org = ANY ({Orgs}) AND o.dt >= {Setting("since", "bigint")}";

    private const string LinkedTo = "SELECT k.pk FROM person l JOIN person k ON k.grp = l.grp WHERE l.pk = res.pk";

    /// <summary>44 is Encounter and 103 Patient, as in <see cref="SightSql"/>.</summary>
    private static string Rows(string openTypes) => $"""
        {Setting("everyone", "int")} = 1
        OR type = ANY ({Setting("types", "smallint[]")})
        OR (pk = rid AND type <> 103 AND (type IN ({openTypes}) OR org = ANY ({Orgs})))
        OR ({Setting("visits", "int")} = 1 AND (EXISTS (SELECT 1 FROM wall_visit o WHERE o.pk = res.pk AND {Visit}) OR EXISTS (SELECT 1 FROM wall_visit o WHERE o.pk IN ({LinkedTo}) AND {Visit})))
        OR ({Setting("ties", "int")} <> 0 AND EXISTS (SELECT 1 FROM tie t WHERE (t.pk = res.pk OR t.pk IN ({LinkedTo})) AND t.at >= {Setting("tied", "bigint")} AND (
            ((t.kind & {Setting("ties", "int")} & 3) <> 0 AND t.fac = ANY ({Orgs}))
            OR ((t.kind & {Setting("ties", "int")} & 4) <> 0 AND t.other = ANY ({Setting("wards", "text[]")}))
            OR ((t.kind & {Setting("ties", "int")} & 8) <> 0 AND t.other = {Setting("who", "text")}))))
        OR ({Setting("consents", "int")} = 1 AND EXISTS (SELECT 1 FROM consent c WHERE (c.pk = res.pk OR c.pk IN ({LinkedTo})) AND c.deny = 0 AND c.depth = 0
            AND c.since <= {Setting("now", "bigint")} + {HourUs} AND c.until > {Setting("now", "bigint")}
            AND (c.fac = 0 OR c.fac = ANY ({Orgs})) AND (c.who IS NULL OR c.who = {Setting("who", "text")}) AND (c.why = 0 OR (c.why & {Setting("why", "int")}) <> 0)
            AND (res.type = 103 OR ((c.lab = 0 OR (c.lab & res.lab) <> 0) AND res.dt >= c.dlo AND res.dt < c.dhi AND (c.type = 0 OR c.type = res.type)))))
        OR EXISTS (SELECT 1 FROM wall_patient o WHERE o.fid = ANY ({Setting("persons", "text[]")}) AND (o.rid = res.pk OR o.rid IN ({LinkedTo})))
        """;

    /// <summary>Makes role, views and policies where they are not there yet, and reads under them from now on.</summary>
    /// <returns>False on SQLite, and where the account of the server may not make or take the role: an operator then makes it (docs/operations).</returns>
    public static async Task<bool> BuildAsync(Db db, CancellationToken ct)
    {
        if (db.Engine != DbEngine.Postgres)
        {
            return false;
        }

        var rows = Rows(SightSql.OpenTypes);
        var name = "wall_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rows + Tables)))[..12];
        try
        {
            await db.WriteAsync(async (connection, transaction) =>
            {
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = Build(name, rows);
                return await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            }, ct).ConfigureAwait(false);
        }
        catch (System.Data.Common.DbException e) when (e.SqlState == "42501")
        {
            return false;
        }

        db.UseWall(Role);
        return true;
    }

    private static string Build(string name, string rows) => $"""
        DO $do$
        BEGIN
          PERFORM pg_advisory_xact_lock(7220331);
          IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{Role}') THEN
            BEGIN
              CREATE ROLE {Role} NOLOGIN NOBYPASSRLS;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END;
          END IF;
          IF NOT pg_has_role(current_user, '{Role}', 'MEMBER') THEN
            EXECUTE format('GRANT {Role} TO %I', current_user);
          END IF;
          IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE tablename = 'res' AND schemaname = current_schema() AND policyname = '{name}') THEN
            EXECUTE (SELECT coalesce(string_agg(format('DROP POLICY %I ON %I', policyname, tablename), ';'), 'SELECT 1') FROM pg_policies WHERE schemaname = current_schema() AND policyname LIKE 'wall\_%');
            CREATE OR REPLACE VIEW wall_visit AS SELECT pk, org, dt FROM res WHERE type = 44 AND del = 0;
            CREATE OR REPLACE VIEW wall_patient AS SELECT rid, fid FROM res WHERE type = 103;
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO {Role}', current_schema());
            GRANT SELECT (tx, at) ON commit_log TO {Role};
            GRANT SELECT ON {Tables}, wall_visit, wall_patient TO {Role};
            ALTER TABLE res ENABLE ROW LEVEL SECURITY;
            ALTER TABLE ver ENABLE ROW LEVEL SECURITY;
            CREATE POLICY {name} ON res FOR SELECT TO {Role} USING ({rows});
            CREATE POLICY {name} ON ver FOR SELECT TO {Role} USING (EXISTS (SELECT 1 FROM res WHERE res.rid = ver.rid));
          END IF;
        END
        $do$;
        """;

    private static readonly string[] Names = ["everyone", "types", "orgs", "visits", "since", "ties", "tied", "wards", "who", "consents", "now", "why", "persons"];

    private static readonly string Set = "SELECT " + string.Join(", ", Names.Select((name, i) => $"set_config('mach.{name}', @p{i}, false)"));

    /// <summary>The settings of a sight. Instants are cut to the hour, towards showing more: a connection then serves the same caller again without being set anew.</summary>
    public static Wall Of(Sight sight, IReadOnlyList<long> organizations)
    {
        static string Hour(DateTimeOffset at)
        {
            var us = Instants.ToMicroseconds(at);
            return (us - (((us % HourUs) + HourUs) % HourUs)).ToString(CultureInfo.InvariantCulture);
        }

        static string Flag(bool on) => on ? "1" : "0";
        static string Array(IEnumerable<string> values) => "{" + string.Join(',', values.Select(v => "\"" + v.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"")) + "}";
        string[] values =
        [
            Flag(sight.IsEveryone), Array(sight.EveryoneTypes.Select(t => ResourceTypes.Number(t).ToString(CultureInfo.InvariantCulture))), Array(organizations.Select(o => o.ToString(CultureInfo.InvariantCulture))),
            Flag(sight.CountsVisits), Hour(sight.Since), ((int)sight.Ties).ToString(CultureInfo.InvariantCulture), Hour(sight.TiedSince), Array(sight.Wards), sight.Practitioner ?? "",
            Flag(sight.CountsConsents), Hour(sight.Now), ((int)sight.Purpose).ToString(CultureInfo.InvariantCulture), Array(sight.Persons.Concat(sight.ActsFor)),
        ];
        return new(string.Join('\n', values), Set, values);
    }
}
