namespace Darkroom.Models.Files;

/// <summary>The files of a folder that people put files into, at any depth within reason; folders that are not ours to read are passed over.</summary>
internal static class FilesBelow
{
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true };

    /// <param name="folder">The folder.</param>
    /// <param name="ending">What their names end with and do not consist of; empty: any.</param>
    /// <exception cref="IOException">The folder is not there, or the disk reports something else.</exception>
    public static IEnumerable<FileInfo> Of(string folder, string ending) =>
        new DirectoryInfo(folder).EnumerateFiles("*" + ending, Everywhere).Where(file => file.Exists && file.Name.Length > ending.Length);
}
