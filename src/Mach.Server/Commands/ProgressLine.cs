using System.Globalization;

namespace Mach.Server.Commands;

/// <summary>One line of progress: rewritten in place on a terminal, a new line every few seconds elsewhere.</summary>
internal sealed class ProgressLine(TextWriter output)
{
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(5);
    private readonly bool _terminal = !Console.IsErrorRedirected && !Console.IsOutputRedirected;
    private readonly Lock _gate = new();
    private long _lastTicks;
    private string _shown = "";
    private int _width;

    /// <param name="total">0 when unknown.</param>
    public void Show(string step, long done, long total, string? more = null)
    {
        var share = total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * done / total,5:0.0} %  ") : "";
        var text = string.Create(CultureInfo.InvariantCulture, $"{step}: {share}{done:N0}{(total > 0 ? $" of {total:N0}" : "")}{more}");
        lock (_gate)
        {
            var now = Environment.TickCount64;
            if (text == _shown || (!_terminal && now - _lastTicks < QuietInterval.TotalMilliseconds && (total == 0 || done < total)))
            {
                return;
            }

            _shown = text;
            _lastTicks = now;
            if (_terminal)
            {
                output.Write("\r" + text.PadRight(_width));
                _width = text.Length;
            }
            else
            {
                output.WriteLine(text);
            }

            output.Flush();
        }
    }

    public void End()
    {
        lock (_gate)
        {
            if (_terminal && _width > 0)
            {
                output.WriteLine();
                _width = 0;
            }
        }
    }
}
