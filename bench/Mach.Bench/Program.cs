using Mach.Bench;

string[] all = ["intake", "large", "record", "search", "idle"];
var chosen = args.Length == 0 ? all : args;
var unknown = chosen.Except(all).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"Unknown: {string.Join(", ", unknown)}. Known: {string.Join(", ", all)}.");
    return 2;
}

Figures.Header();
foreach (var name in chosen)
{
    switch (name)
    {
        case "intake":
            await IntakeBench.RunAsync();
            break;
        case "large":
            await LargeBench.RunAsync();
            break;
        case "record":
            await RecordBench.RunAsync();
            break;
        case "search":
            await SearchBench.RunAsync();
            break;
        default:
            await IdleBench.RunAsync();
            break;
    }
}

return 0;
