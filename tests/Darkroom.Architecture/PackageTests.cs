using System.Xml.Linq;
using Darkroom.Architecture.Packages;
using Darkroom.TestKit;
using Mono.Cecil;

namespace Darkroom.Architecture;

/// <summary>A package that nothing calls is not referenced: it would be shipped, watched for advisories and explained to strangers for nothing.</summary>
public sealed class PackageTests
{
    // Packages of which no assembly is referenced, each with its reason.
    private static readonly Dictionary<string, string> Unreferenced = new()
    {
        ["Serilog.AspNetCore"] = "stands for Serilog's hosting, settings, console and file packages; settings can name the last",
        ["NetVips.Native.linux-x64"] = "libvips itself, which NetVips loads",
        ["NetVips.Native.linux-arm64"] = "the same for another processor",
        ["Aspire.Hosting.Orchestration.linux-x64"] = "a program that starts an app host's processes",
        ["Microsoft.CodeAnalysis.BannedApiAnalyzers"] = "runs in the compiler",
    };

    public static TheoryData<string> Projects =>
    [
        .. new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_package_that_a_project_names_is_used_by_it(string path)
    {
        var project = new RestoredProject(Path.Combine(Repository.Root, path));
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string assembly = Path.Combine(Repository.Root, Path.GetDirectoryName(path)!, "bin", configuration, "net10.0", $"{project.Name}.dll");
        if (!File.Exists(assembly))
            assembly = Path.Combine(AppContext.BaseDirectory, $"{project.Name}.dll");
        Assert.SkipUnless(File.Exists(assembly), $"{project.Name} is not built.");
        using var module = ModuleDefinition.ReadModule(assembly);
        HashSet<string> used = [.. module.AssemblyReferences.Select(reference => reference.Name)];
        string[] unused = [.. project.Packages.Where(package => !Unreferenced.ContainsKey(package) && !project.AssembliesOf(package).Any(used.Contains))];
        Assert.True(unused.Length == 0, $"{path} names packages that it does not use: {string.Join(", ", unused)}.");
    }

    [Fact]
    public void Every_version_that_is_fixed_is_one_of_a_package_that_is_restored()
    {
        string[] locks = [.. Directory.EnumerateFiles(Repository.Root, "packages*.lock.json", SearchOption.AllDirectories).Select(File.ReadAllText)];
        Assert.All(XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion"), version =>
        {
            string package = (version.Attribute("Include") ?? version.Attribute("Update"))!.Value;
            Assert.True(locks.Any(text => text.Contains($"\"{package}\": {{", StringComparison.OrdinalIgnoreCase)), $"Nothing restores {package}.");
        });
    }
}
