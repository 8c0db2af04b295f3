#!/usr/bin/perl
# Two TUN devices, and what lies between them: delay, rate, a queue and loss, packet by packet. The kernels on both sides
# do the rest, with their own TCP. It is Perl as Node cannot make a TUN device, which takes an ioctl, and as every Debian has it.
#
#   relay.pl NAME-A NAME-B DELAY-US BITS-AB BITS-BA LOSS SEED
#
# Says "ready" once both devices are there. The devices go with this process, and it ends when its standard input does.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($name_a, $name_b, $delay_us, $bits_ab, $bits_ba, $loss, $seed) = @ARGV;
my ($TUNSETIFF, $IFF_TUN, $IFF_NO_PI) = (0x400454ca, 0x0001, 0x1000);
# What a router holds before it drops: a quarter of a second, and 64 packets at least.
my ($QUEUE_SECONDS, $QUEUE_BYTES) = (0.25, 64 * 1500);

srand($seed);
my @ends = (tun($name_a), tun($name_b));
my @lines = map { { bits => $_, free_at => 0, queue => [] } } ($bits_ab, $bits_ba);
$| = 1;
print "ready\n";

my $buffer;
while (1) {
  my $now = clock_gettime(CLOCK_MONOTONIC);
  my $wait = 3600;
  for my $from (0, 1) {
    my $queue = $lines[$from]{queue};
    while (@$queue && $queue->[0][0] <= $now) {
      syswrite($ends[1 - $from], shift(@$queue)->[1]);
      $now = clock_gettime(CLOCK_MONOTONIC);
    }
    $wait = min($wait, $queue->[0][0] - $now) if @$queue;
  }
  my $ready = '';
  vec($ready, fileno($_), 1) = 1 for (@ends, \*STDIN);
  next unless select($ready, undef, undef, max($wait, 0)) > 0;
  exit 0 if vec($ready, fileno(STDIN), 1) && !sysread(STDIN, $buffer, 64);
  for my $from (0, 1) {
    next unless vec($ready, fileno($ends[$from]), 1);
    my $length = sysread($ends[$from], $buffer, 2048) or next;
    send_on($lines[$from], $buffer, $length);
  }
}

# Puts a packet on the line: it leaves when those before it have left, and arrives a delay later.
sub send_on {
  my ($line, $packet, $length) = @_;
  return if $loss > 0 && rand() < $loss;
  my $now = clock_gettime(CLOCK_MONOTONIC);
  my $start = max($now, $line->{free_at});
  return if $start - $now > max($QUEUE_SECONDS, $QUEUE_BYTES * 8 / $line->{bits});
  $line->{free_at} = $start + $length * 8 / $line->{bits};
  push @{ $line->{queue} }, [ $line->{free_at} + $delay_us / 1e6, $packet ];
}

sub tun {
  my ($name) = @_;
  open(my $device, '+<', '/dev/net/tun') or die "cannot open /dev/net/tun: $!\n";
  ioctl($device, $TUNSETIFF, pack('Z16 s x22', $name, $IFF_TUN | $IFF_NO_PI)) or die "cannot make $name: $!\n";
  return $device;
}

sub min { $_[0] < $_[1] ? $_[0] : $_[1] }
sub max { $_[0] > $_[1] ? $_[0] : $_[1] }
