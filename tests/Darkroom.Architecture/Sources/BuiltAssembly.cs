using Darkroom.TestKit;
using Mono.Cecil;

namespace Darkroom.Architecture.Sources;

/// <summary>A project of <c>src</c> as it was built.</summary>
internal static class BuiltAssembly
{
    /// <summary>All types of all projects, those that the compiler made too.</summary>
    public static IEnumerable<TypeDefinition> Types => SourceTree.Projects.SelectMany(project => ModuleDefinition.ReadModule(PathOf(project)).GetTypes());

    /// <summary>Beside these tests, or in the project's own output: what an app host takes is nothing that these tests should carry.</summary>
    public static string PathOf(string project)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, $"{project}.dll");
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return File.Exists(beside) ? beside : Path.Combine(Repository.Root, "src", project, "bin", configuration, "net10.0", $"{project}.dll");
    }
}
