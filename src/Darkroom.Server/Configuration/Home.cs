namespace Darkroom.Server.Configuration;

/// <summary>
/// The folder that the settings stand in: the nearest above the program that holds <c>appsettings.json</c>. So the server finds its models
/// from wherever it is started, in a checkout and in a published folder alike.
/// </summary>
internal static class Home
{
    public const string SettingsFile = "appsettings.json";

    public static string Find() => Find(AppContext.BaseDirectory);

    /// <summary>The program's own folder where none above holds the file.</summary>
    public static string Find(string program)
    {
        for (var folder = new DirectoryInfo(program); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, SettingsFile)))
                return folder.FullName;
        return program;
    }
}
