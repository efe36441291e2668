using Darkroom.Models.Sessions;
using Darkroom.Server.Commands;
using Darkroom.Server.Configuration;
using Darkroom.Server.Health;

NativeTelemetry.TurnOff();
NativeHeap.Configure();
// Before anything else is loaded: with too few descriptors that is what fails.
if (Descriptors.Limit is { } limit && limit < Descriptors.Min)
{
    await SystemConsole.Instance.Error.WriteLineAsync(Descriptors.Warning(limit));
    return SettingsException.ExitCode;
}
return await DarkroomCommand.RunAsync(args, Rooms.Add, SystemConsole.Instance);
