using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>The data folder: whether it can be made and written to.</summary>
internal sealed class DataPathCheck(DarkroomSettings settings) : IDoctorCheck
{
    public string Name => "data path";

    public IEnumerable<Finding> Run() =>
        [DataFolder.FaultOf(settings.DataPath) is { } fault ? new(false, fault) : new(true, $"{settings.DataPath} can be written")];
}
