namespace Darkroom.Models.Files;

/// <summary>Configurations of published families, which ship beside the program: a checkpoint in one file has none of its own.</summary>
internal static class PublishedConfigs
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Configs");

    /// <param name="name">Of the family: <c>stable-diffusion-1</c>.</param>
    public static string FolderOf(string name) => Path.Combine(Root, name);

    /// <summary>Whether a folder is one of them, or in one.</summary>
    public static bool Contains(string folder) => RealPath.IsBelow(Path.GetFullPath(folder), Root);
}
