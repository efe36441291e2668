using Darkroom.Models.Pool;
using System.Reflection;
using NetArchTest.Rules;

namespace Darkroom.Architecture;

/// <summary>Server → Storage → Engine → Models → {Diffusion, Imaging}: nobody looks up, and nobody reaches for what is another room's own.</summary>
public sealed class RoomTests
{
    private static readonly Assembly Imaging = typeof(Imaging.Picture).Assembly;
    private static readonly Assembly Diffusion = typeof(Diffusion.Samplers.ISampler).Assembly;
    private static readonly Assembly Models = typeof(Models.Catalog.ModelDescription).Assembly;
    private static readonly Assembly Engine = typeof(Engine.Jobs.Job).Assembly;
    private static readonly Assembly Storage = typeof(Storage.Memory.MemoryJobStore).Assembly;
    private static readonly Assembly Client = typeof(Client.DarkroomClient).Assembly;

    [Fact]
    public void Rooms_know_only_the_rooms_below_them()
    {
        Assert.Empty(RoomsOf(Imaging));
        Assert.Empty(RoomsOf(Diffusion));
        Assert.Subset(new HashSet<string> { "Darkroom.Diffusion", "Darkroom.Imaging" }, RoomsOf(Models));
        Assert.Subset(new HashSet<string> { "Darkroom.Diffusion", "Darkroom.Imaging", "Darkroom.Models" }, RoomsOf(Engine));
        Assert.Subset(new HashSet<string> { "Darkroom.Diffusion", "Darkroom.Imaging", "Darkroom.Models", "Darkroom.Engine" }, RoomsOf(Storage));
    }

    [Fact]
    public void The_client_stands_alone()
    {
        Assert.Empty(RoomsOf(Client));
        Holds(Types.InAssembly(Client).ShouldNot().HaveDependencyOnAny(
            "Darkroom.Imaging", "Darkroom.Diffusion", "Darkroom.Models", "Darkroom.Engine", "Darkroom.Storage", "Darkroom.Server",
            "Microsoft.AspNetCore").GetResult());
        // Nobody but the command line, which may speak to another server, has a use for it.
        foreach (var room in new[] { Imaging, Diffusion, Models, Engine, Storage }) Assert.DoesNotContain("Darkroom.Client", RoomsOf(room));
    }

    [Fact]
    public void What_an_app_host_takes_is_in_no_room()
    {
        var projects = Directory.GetDirectories(Path.Combine(TestKit.Repository.Root, "src"));
        Assert.All(projects, project =>
        {
            bool isOwn = Path.GetFileName(project) == "Darkroom.Aspire.Hosting";
            Assert.All(Directory.GetFiles(project, "packages*.lock.json"), path => Assert.Equal(isOwn, File.ReadAllText(path).Contains("\"Aspire.Hosting\"")));
            if (isOwn) Assert.DoesNotContain("ProjectReference", File.ReadAllText(Directory.GetFiles(project, "*.csproj").Single()));
        });
    }

    [Fact]
    public void Mathematics_knows_no_network_runtime_no_files_and_no_wire() =>
        Holds(Types.InAssembly(Diffusion).ShouldNot().HaveDependencyOnAny(
            "Microsoft.ML", "NetVips", "System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.Net", "Microsoft.Extensions").GetResult());

    [Fact]
    public void Only_Imaging_knows_libvips()
    {
        foreach (var room in new[] { Diffusion, Models, Engine, Storage })
            Holds(Types.InAssembly(room).ShouldNot().HaveDependencyOn("NetVips").GetResult());
    }

    [Fact]
    public void Only_Models_knows_ONNX_Runtime()
    {
        foreach (var room in new[] { Imaging, Diffusion, Engine, Storage })
            Holds(Types.InAssembly(room).ShouldNot().HaveDependencyOn("Microsoft.ML.OnnxRuntime").GetResult());
    }

    [Fact]
    public void Only_Server_knows_the_web()
    {
        foreach (var room in new[] { Imaging, Diffusion, Models, Engine, Storage })
            Holds(Types.InAssembly(room).ShouldNot().HaveDependencyOnAny("Microsoft.AspNetCore", "Swashbuckle", "System.Net.Http").GetResult());
    }

    [Fact]
    public void Engine_knows_no_database() =>
        Holds(Types.InAssembly(Engine).ShouldNot().HaveDependencyOnAny("System.Data", "Npgsql", "Microsoft.Data").GetResult());

    [Fact]
    public void Step_scheduler_decides_without_devices_clocks_or_threads() =>
        Holds(Types.InAssembly(Engine).That().ResideInNamespace("Darkroom.Engine.Scheduling").ShouldNot().HaveDependencyOnAny(
            "Darkroom.Engine.Execution", "Darkroom.Engine.Queue", "Darkroom.Models", "System.TimeProvider", "System.Threading",
            "System.Diagnostics.Stopwatch").GetResult());

    [Fact]
    public void Jobs_are_plain_data() =>
        Holds(Types.InAssembly(Engine).That().ResideInNamespace("Darkroom.Engine.Jobs")
            .ShouldNot().HaveDependencyOnAny("Darkroom.Engine.Execution", "Darkroom.Engine.Queue", "Darkroom.Engine.Scheduling",
                // Fields are plain data too.
                "Darkroom.Models.Catalog", "Darkroom.Models.Families", "Darkroom.Models.Residency", "Darkroom.Models.Sessions",
                "System.Threading").GetResult());

    [Fact]
    public void Stages_and_programs_know_no_loop_and_no_queue() =>
        Holds(Types.InAssembly(Engine).That().ResideInNamespace("Darkroom.Engine.Stages").Or().ResideInNamespace("Darkroom.Engine.Programs")
            .ShouldNot().HaveDependencyOnAny("Darkroom.Engine.Execution", "Darkroom.Engine.Queue", "Darkroom.Engine.Previews").GetResult());

    [Fact]
    public void Catalog_reads_folders_without_opening_graphs() =>
        Holds(Types.InAssembly(Models).That().ResideInNamespace("Darkroom.Models.Catalog").And().DoNotHaveName("ModelPool").ShouldNot().HaveDependencyOn(
            "Microsoft.ML.OnnxRuntime").GetResult());

    private static HashSet<string> RoomsOf(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => name.StartsWith("Darkroom.", StringComparison.Ordinal))];

    private static void Holds(NetArchTest.Rules.TestResult result) =>
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
}
