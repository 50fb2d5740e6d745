using Mach.Bench;

string[] all = ["intake", "large", "record", "search", "idle", "floor", "fhir", "curve", "match", "people", "life", "sight", "door", "numbers"];
// The load driver is not part of the project: "fhir" and "curve" have to be asked for; people take minutes to load, so have "match", "people", "life" and "numbers".
var chosen = args.Length == 0 ? all[..^8] : args;
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
        case "floor":
            await FloorBench.RunAsync();
            break;
        case "sight":
            await SightBench.RunAsync();
            break;
        case "door":
            await DoorBench.RunAsync();
            break;
        case "match":
            await MatchBench.RunAsync();
            break;
        case "people":
            await PeopleBench.RunAsync();
            break;
        case "life":
            await LifeBench.RunAsync();
            break;
        case "numbers":
            await NumbersBench.RunAsync();
            break;
        case "fhir":
            await FhirBench.RunAsync();
            break;
        case "curve":
            await FhirBench.CurveAsync();
            break;
        default:
            await IdleBench.RunAsync();
            break;
    }
}

return 0;
