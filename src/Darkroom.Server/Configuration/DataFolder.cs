using Darkroom.Server.Security;

namespace Darkroom.Server.Configuration;

/// <summary>The folder of what the server keeps.</summary>
internal static class DataFolder
{
    /// <summary>Makes it where it is missing, for its owner alone, and tries to write to it.</summary>
    /// <returns>Why it cannot be written; null where it can.</returns>
    public static string? FaultOf(string path)
    {
        var probe = Path.Combine(path, ".probe");
        try
        {
            PrivateFolder.Create(path);
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be written: {refused.Message} Set Darkroom:DataPath to a folder of yours.";
        }
    }
}
