using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace Mach.Data;

/// <summary>One parameter of a statement, with a value for each row.</summary>
public abstract class Column
{
    public abstract int Count { get; }
    public abstract void Clear();
    internal abstract void Bind(sqlite3_stmt statement, int position, int row);
    internal abstract NpgsqlParameter ToParameter();
}

/// <summary>64-bit integers; PostgreSQL casts them on assignment to a narrower column.</summary>
public sealed class LongColumn : Column
{
    private readonly List<long> _values = [];
    private HashSet<int>? _nulls;

    public override int Count => _values.Count;

    public void Add(long value) => _values.Add(value);

    public void AddNull()
    {
        (_nulls ??= []).Add(_values.Count);
        _values.Add(0);
    }

    public override void Clear()
    {
        _values.Clear();
        _nulls = null;
    }

    internal override void Bind(sqlite3_stmt statement, int position, int row)
    {
        if (_nulls?.Contains(row) == true)
        {
            raw.sqlite3_bind_null(statement, position);
        }
        else
        {
            raw.sqlite3_bind_int64(statement, position, _values[row]);
        }
    }

    internal override NpgsqlParameter ToParameter()
    {
        if (_nulls is null)
        {
            return new NpgsqlParameter<List<long>> { TypedValue = _values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
        }

        var values = new long?[_values.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _nulls.Contains(i) ? null : _values[i];
        }

        return new NpgsqlParameter<long?[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
    }
}

public sealed class DoubleColumn : Column
{
    private readonly List<double?> _values = [];

    public override int Count => _values.Count;

    public void Add(double? value) => _values.Add(value);

    public override void Clear() => _values.Clear();

    internal override void Bind(sqlite3_stmt statement, int position, int row)
    {
        if (_values[row] is { } value)
        {
            raw.sqlite3_bind_double(statement, position, value);
        }
        else
        {
            raw.sqlite3_bind_null(statement, position);
        }
    }

    internal override NpgsqlParameter ToParameter() =>
        new NpgsqlParameter<double?[]> { TypedValue = [.. _values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double };
}

public sealed class TextColumn : Column
{
    private readonly List<string?> _values = [];

    public override int Count => _values.Count;

    public void Add(string? value) => _values.Add(value);

    public override void Clear() => _values.Clear();

    internal override void Bind(sqlite3_stmt statement, int position, int row)
    {
        if (_values[row] is { } value)
        {
            raw.sqlite3_bind_text(statement, position, value);
        }
        else
        {
            raw.sqlite3_bind_null(statement, position);
        }
    }

    internal override NpgsqlParameter ToParameter() =>
        new NpgsqlParameter<List<string?>> { TypedValue = _values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

public sealed class BytesColumn : Column
{
    private readonly List<byte[]?> _values = [];

    public override int Count => _values.Count;

    public void Add(byte[]? value) => _values.Add(value);

    public override void Clear() => _values.Clear();

    internal override void Bind(sqlite3_stmt statement, int position, int row)
    {
        switch (_values[row])
        {
            case null: raw.sqlite3_bind_null(statement, position); break;
            case { Length: 0 }: raw.sqlite3_bind_zeroblob(statement, position, 0); break;
            case { } value: raw.sqlite3_bind_blob(statement, position, value); break;
        }
    }

    internal override NpgsqlParameter ToParameter() =>
        new NpgsqlParameter<List<byte[]?>> { TypedValue = _values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
}
