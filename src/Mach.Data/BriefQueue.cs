using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;

namespace Mach.Data;

/// <summary>
/// Brief statements of many callers on PostgreSQL. What waits while another is under way goes together in the next packet: one system call, one wake-up
/// and one round trip for several. A lone caller waits for nobody.
/// </summary>
/// <param name="source">Has room for <see cref="Lines"/> connections that nobody else takes.</param>
internal sealed class BriefQueue(NpgsqlDataSource source)
{
    private const int MostTogether = 16, MostLines = 16;

    /// <summary>As many connections are asked at once.</summary>
    public static readonly int Lines = Math.Clamp(Environment.ProcessorCount, 2, MostLines);

    private readonly ConcurrentQueue<Question> _waiting = new();
    private int _lines;

    public Task<T> AskAsync<T>(BriefStatement statement, Func<DbDataReader, Task<T>> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var question = new Question<T>(statement, read);
        _waiting.Enqueue(question);
        StartLine();
        return question.Answer;
    }

    private void StartLine()
    {
        for (var lines = Volatile.Read(ref _lines); lines < Lines && !_waiting.IsEmpty; lines = Volatile.Read(ref _lines))
        {
            if (Interlocked.CompareExchange(ref _lines, lines + 1, lines) == lines)
            {
                _ = RunLineAsync();
                return;
            }
        }
    }

    /// <summary>Never fails: what goes wrong is told to whom it concerns.</summary>
    private async Task RunLineAsync()
    {
        var together = new List<Question>(MostTogether);
        while (Take(together))
        {
            try
            {
                await AskTogetherAsync(together).ConfigureAwait(false);
            }
            catch (Exception e) when (together.Count == 1)
            {
                together[0].Fail(e);
            }
            catch (Exception)
            {
                // One may have spoiled it for all, or the connection is gone: each is asked again alone, once.
                foreach (var question in together)
                {
                    await AskAloneAsync(question).ConfigureAwait(false);
                }
            }
        }

        Interlocked.Decrement(ref _lines);
        // Somebody may have come between the last look and the end of this line.
        StartLine();
    }

    private bool Take(List<Question> together)
    {
        together.Clear();
        while (together.Count < MostTogether && _waiting.TryDequeue(out var question))
        {
            together.Add(question);
        }

        return together.Count > 0;
    }

    private async Task AskTogetherAsync(List<Question> together)
    {
        await using var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var question in together)
        {
            batch.BatchCommands.Add(question.Command());
        }

        await using var reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
        foreach (var question in together)
        {
            await question.ReadAsync(reader).ConfigureAwait(false);
            await reader.NextResultAsync().ConfigureAwait(false);
        }
    }

    private async Task AskAloneAsync(Question question)
    {
        if (question.IsAnswered)
        {
            return;
        }

        try
        {
            await AskTogetherAsync([question]).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            question.Fail(e);
        }
    }

    private abstract class Question(BriefStatement statement)
    {
        public abstract bool IsAnswered { get; }

        /// <summary>Reads the rows and answers. Trouble of the database goes on to the caller, any other is the asker's own.</summary>
        public abstract Task ReadAsync(DbDataReader reader);

        public abstract void Fail(Exception e);

        public NpgsqlBatchCommand Command()
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            foreach (var (name, value) in statement.Values)
            {
                command.Parameters.Add(new NpgsqlParameter(name, value));
            }

            return command;
        }
    }

    private sealed class Question<T>(BriefStatement statement, Func<DbDataReader, Task<T>> read) : Question(statement)
    {
        // Whoever asked goes on elsewhere: the line has others to serve.
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override bool IsAnswered => _answer.Task.IsCompleted;

        public override async Task ReadAsync(DbDataReader reader)
        {
            try
            {
                _answer.TrySetResult(await read(reader).ConfigureAwait(false));
            }
            catch (Exception e) when (e is not (DbException or IOException))
            {
                _answer.TrySetException(e);
            }
        }

        public override void Fail(Exception e) => _answer.TrySetException(e);
    }
}
