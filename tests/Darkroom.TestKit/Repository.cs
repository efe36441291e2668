namespace Darkroom.TestKit;

/// <summary>Where the checkout lies that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The nearest folder above the test program that holds <c>Server.sln</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Server.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Server.sln.");
    }
}
