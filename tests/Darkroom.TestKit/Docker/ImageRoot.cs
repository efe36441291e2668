using System.Diagnostics;
using System.Text;

namespace Darkroom.TestKit.Docker;

/// <summary>
/// A folder as the root of a program that is started as a container starts it: nothing can be written but the volumes, the user is nobody that the system
/// knows, without rights and without an environment but the image's. The system's libraries are this machine's, or those of a folder.
/// </summary>
/// <param name="folder">Empty, and stays so to others: the root is put together over it, in a mount namespace that ends with the process.</param>
/// <param name="system">The folder that /usr, /lib and /etc are taken from: <c>/</c> for this machine's.</param>
/// <param name="user">Number of user and group.</param>
public sealed class ImageRoot(string folder, string system, int user)
{
    private static readonly string[] SystemFolders = ["usr", "lib", "lib64", "bin", "etc"];

    private readonly List<(string From, string To, bool Writable)> mounts = [];

    /// <summary>Whether this process may do it; a sentence where it may not.</summary>
    public static string? Fault()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return "Only root can start a program with a root of its own.";
        const string Try = "unshare -m true && unshare --root=/ --setuid=1 true && setpriv --no-new-privs true";
        using var tried = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Try])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
        tried.WaitForExit();
        return tried.ExitCode == 0 ? null : "There is no unshare(1) or setpriv(1), or they may not do it here.";
    }

    /// <summary>Shows a folder of this machine at a path of the root.</summary>
    public void Mount(string from, string to, bool writable = false) => mounts.Add((from, to, writable));

    /// <summary>A start of a program in the root; its process is the program's own, so that signals reach it.</summary>
    public ProcessStartInfo Start(IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<string> command)
    {
        var script = new StringBuilder($"set -e\nmount -t tmpfs -o mode=755 root '{folder}'\n");
        foreach (string name in SystemFolders.Where(name => Directory.Exists(Path.Combine(system, name))))
            Bind(script, Path.Combine(system, name), "/" + name, writable: false);
        foreach (var (from, to, writable) in mounts) Bind(script, from, to, writable);
        foreach (string name in (string[])["/dev", "/proc"]) Bind(script, name, name, writable: true);
        script.Append($"mount -o remount,ro '{folder}'\n");
        script.Append("exec setpriv --no-new-privs --clear-groups ");
        script.Append($"unshare --root='{folder}' --wd=/data --setgid={user} --setuid={user} -- \"$@\"\n");
        var start = new ProcessStartInfo("unshare", ["-m", "/bin/sh", "-c", script.ToString(), "sh", .. command])
            { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear(); // no HOME either
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }

    private void Bind(StringBuilder script, string from, string to, bool writable)
    {
        script.Append($"[ -d '{folder}{to}' ] || mkdir -p '{folder}{to}'\nmount --bind '{from}' '{folder}{to}'\n");
        if (!writable) script.Append($"mount -o remount,bind,ro '{folder}{to}'\n");
    }
}
