using System.CommandLine;
using Mach.Server.Commands;

var root = new RootCommand("Mạch: one record per person, from the commune station to the specialist hospital.");
root.Subcommands.Add(ServeCommand.Build());
root.Subcommands.Add(DemoCommand.Build());
root.Subcommands.Add(ImportCommand.Build());
root.Subcommands.Add(VerifyCommand.Build());
root.Subcommands.Add(PeopleCommand.Build());
root.Subcommands.Add(IndicatorsCommand.Build());
root.Subcommands.Add(IndicatorsCommand.BuildRebuild());
root.Subcommands.Add(AccountCommand.Build());
root.Subcommands.Add(ClientCommand.Build());
root.Subcommands.Add(KeysCommand.Build());
return await root.Parse(args).InvokeAsync();
