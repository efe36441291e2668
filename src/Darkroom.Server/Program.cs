using Darkroom.Server.Commands;
using Darkroom.Server.Configuration;

return await DarkroomCommand.RunAsync(args, Rooms.Add, SystemConsole.Instance);
