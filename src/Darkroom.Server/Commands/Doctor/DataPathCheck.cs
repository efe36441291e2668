using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>The data folder: whether it can be made and written to.</summary>
internal sealed class DataPathCheck(DarkroomSettings settings) : IDoctorCheck
{
    public string Name => "data path";

    public IEnumerable<Finding> Run()
    {
        var probe = Path.Combine(settings.DataPath, ".doctor");
        try
        {
            Directory.CreateDirectory(settings.DataPath);
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return [new(true, $"{settings.DataPath} can be written")];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [new(false, $"{settings.DataPath} cannot be written: {refused.Message} Set Darkroom:DataPath to a folder of yours.")];
        }
    }
}
