namespace Darkroom.Server.Security;

/// <summary>Makes folders of what is nobody else's: prompts, pictures, hashes of keys.</summary>
internal static class PrivateFolder
{
    /// <summary>Makes a folder where it is missing, for its owner alone; one that is there stays as it is.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path); // which has it from the folder above
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
